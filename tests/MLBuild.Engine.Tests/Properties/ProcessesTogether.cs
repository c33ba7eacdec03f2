using System.Diagnostics;
using System.Text.RegularExpressions;
using MLBuild.Engine.Running;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>Two to eight builds at once on one store, each a process, with the same targets and with others: all end
/// well, no work is done twice, and whatever else is said is for whom one waits.</summary>
[Collection(nameof(Processes))]
public sealed partial class ProcessesTogether
{
    private const int Rounds = 2;

    // The last digit is how many build at once.
    public static TheoryData<int> Builds => Seeds.Of(7002, 7003, 7005, 7008);

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task ShareTheWork(int seed)
    {
        using var folder = TempFolder.InMemory();
        using var pipeline = ChildBuild.Pipeline(folder.Path, seed, changes: 0);
        var random = new Random(seed);
        var history = new History();
        for (var (round, changes) = (0, 0); round < Rounds; round++)
        {
            var asked = Enumerable.Range(0, seed % 10).Select(_ => Asked(pipeline, random)).ToArray();
            var plans = asked.Select(names => history.Build(pipeline.Now, names, [], [])).ToArray();
            var children = asked.Select(names => ChildBuild.Start(folder.Path, seed, changes, names)).ToArray();
            var said = await Ended(children);
            var lines = said.SelectMany(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToArray();
            Assert.Equal(plans.SelectMany(plan => plan.Begun).Order(StringComparer.Ordinal), lines
                .Where(line => line.StartsWith(ChildBuild.Work, StringComparison.Ordinal))
                .Select(line => line[ChildBuild.Work.Length..]).Order(StringComparer.Ordinal));
            Assert.All(lines.Where(line => !line.StartsWith(ChildBuild.Work, StringComparison.Ordinal)
                && line is not (ChildBuild.Drained or ChildBuild.End)
                && !line.StartsWith("attempt 1 of 2 failed", StringComparison.Ordinal)),
                line => Assert.Matches(Waiting(), line));

            string[] all = [.. asked.SelectMany(names => names).Distinct()];
            var built = await pipeline.Build(all);
            Assert.All(built.Units, unit => Assert.True(unit.Verdict is Verdict.UpToDate or Verdict.Effect));
            pipeline.AssertRight(built);
            for (var more = random.Next(2, 9); more > 0; more--, changes++)
                pipeline.Change();
        }
    }

    private static async Task<string[]> Ended(Process[] children)
    {
        try
        {
            var said = await Task.WhenAll(children.Select(child => child.StandardOutput.ReadToEndAsync()));
            foreach (var (child, text) in children.Zip(said))
            {
                await child.WaitForExitAsync();
                Assert.True(child.ExitCode == 0, text);
            }
            return said;
        }
        finally
        {
            foreach (var child in children)
            {
                if (!child.HasExited)
                    child.Kill();
                child.Dispose();
            }
        }
    }

    private static string[] Asked(RandomPipeline pipeline, Random random) => random.Chance(40)
        ? [.. pipeline.Now.Nodes.Select(node => node.Name)]
        : [.. Enumerable.Range(0, 3).Select(_ => random.Any(pipeline.Now.Nodes).Name).Distinct()];

    [GeneratedRegex("^waiting for (process [0-9]+ on .+|another process), which works on the same recipe$")]
    private static partial Regex Waiting();
}
