using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>While builds run, Prune takes all that it may, again and again, twice at once: every build gives what
/// computing it afresh would give, and the next one finds it all.</summary>
public sealed class PruningBesideBuilds
{
    private const int Rounds = 12;

    private static readonly IReadOnlySet<ContentHash> None = new HashSet<ContentHash>();

    // Even, for ages by the system's clock.
    public static TheoryData<int> Builds => Seeds.Of(9002, 9008, 9010);

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task TakesNothingThatTheyNeed(int seed)
    {
        // A frozen stage's last result may be one that has been taken since.
        using var pipeline = new RandomPipeline(seed, stages: 12, freezes: false);
        var taken = 0;
        for (var round = 0; round < Rounds; round++)
        {
            pipeline.Change();
            pipeline.Change();
            pipeline.Later();
            string[] all = [.. pipeline.Now.Nodes.Select(node => node.Name)];
            using var isBuilt = new CancellationTokenSource();
            var pruning = Enumerable.Range(0, 2).Select(_ => Task.Run(() => Prune(pipeline, isBuilt.Token))).ToArray();
            var built = await pipeline.Build(all);
            await isBuilt.CancelAsync();
            taken += (await Task.WhenAll(pruning)).Sum();
            pipeline.AssertRight(built);
            Assert.Equal(all.Length, built.Outcomes.Values.OfType<StageOutcome.Done>().Count());

            Assert.Empty(new StoreVerification(pipeline.Space.Workspace()).Run(default).Faults);
            var again = await pipeline.Build(all);
            Assert.All(again.Units, unit => Assert.True(unit.Verdict is Verdict.UpToDate or Verdict.Effect));
            StoreAge.Add(pipeline.Space.StoreFolder, days: 2);
        }
        Assert.True(taken > 0, $"Prune took nothing in any round; {Seeds.Alone(seed)}");
    }

    private static int Prune(RandomPipeline pipeline, CancellationToken isBuilt)
    {
        var taken = 0;
        do
        {
            var workspace = pipeline.Space.Workspace();
            try
            {
                var plan = new PrunePlan(workspace, None, olderThan: null, maxSizeBytes: 0);
                var pruning = new StorePruning(workspace);
                taken += pruning.Apply(plan, None, pruning.Leftovers(TimeSpan.FromHours(1))).Results;
            }
            catch (StoreException e) when (e.Message.StartsWith("Another Prune is at work", StringComparison.Ordinal))
            {
                // The other one is.
            }
        }
        while (!isBuilt.IsCancellationRequested);
        return taken;
    }
}
