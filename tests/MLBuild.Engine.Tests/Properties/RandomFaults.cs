using System.Text;
using MLBuild.Engine.Running;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>Whatever breaks while a pipeline is built and between builds, a build ends right, or fails where something
/// was told to; and the next one ends right without more ado.</summary>
public sealed class RandomFaults
{
    private const int Rounds = 15;

    public static TheoryData<int> Small => Seeds.Of(first: 2001, count: 80);

    public static TheoryData<int> Large => Seeds.Of(first: 3001, count: 2);

    [Theory]
    [MemberData(nameof(Small))]
    public Task EveryBuildEndsRightOrFailsWhereItWasToldTo(int seed) => Course(seed, stages: 2 + (seed % 9), Rounds);

    [Theory]
    [MemberData(nameof(Large))]
    public Task SoDoThoseOfManyStages(int seed) => Course(seed, stages: 100, rounds: 6);

    private static async Task Course(int seed, int stages, int rounds)
    {
        using var pipeline = new RandomPipeline(seed, stages);
        for (var round = 0; round < rounds; round++)
        {
            var story = new StringBuilder();
            try
            {
                await Round(pipeline, story);
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round} of seed {seed}: {story}; {Seeds.Alone(seed)}\n{e}\n{pipeline.Now}");
            }
        }
    }

    private static async Task Round(RandomPipeline pipeline, StringBuilder story)
    {
        var random = pipeline.Random;
        while (random.Chance(60))
            pipeline.Change();
        while (random.Chance(30))
            pipeline.Meddle();
        while (random.Chance(60))
            StoreFaults.Strike(random, pipeline.Space.StoreFolder);
        if (random.Chance(25))
            pipeline.Failing.Add(random.Any(pipeline.Now.Nodes).Name);
        pipeline.Later();
        using var cancel = new CancellationTokenSource();
        var interrupted = Interrupt(pipeline, cancel, story);
        story.Append($"failing [{string.Join(' ', pipeline.Failing)}]");

        var builds = Enumerable.Range(0, random.Chance(30) ? random.Next(2, 5) : 1).Select(_ =>
        {
            string[] asked = [random.Any(pipeline.Now.Nodes).Name];
            var only = random.Chance(20) ? pipeline.Only(asked).Selection : Selection.Everything;
            return pipeline.Build(asked, RandomPipeline.Workers(random.Next(1, 9), only), cancel: cancel.Token);
        }).ToArray();
        foreach (var built in await Task.WhenAll(builds))
        {
            AssertFailedOnlyWhereItHadTo(pipeline, built, interrupted);
            if (interrupted != Interruption.Edited)
                pipeline.AssertRight(built);
        }

        pipeline.OnWork = _ => { };
        pipeline.Failing.Clear();
        pipeline.Thaw();
        string[] all = [.. pipeline.Now.Nodes.Select(node => node.Name)];
        var mended = await pipeline.Build(all, RandomPipeline.Workers(random.Next(1, 9)));
        Assert.All(mended.Outcomes.Values, outcome => Assert.IsType<StageOutcome.Done>(outcome));
        pipeline.AssertRight(mended);
        var again = await pipeline.Build(all);
        Assert.All(again.Units, unit => Assert.True(
            unit.Verdict is Verdict.UpToDate or Verdict.Effect, $"{unit.Unit} is not up to date: {unit.Verdict}"));
        Assert.Empty(StoreLayout.FilesIn(pipeline.Space["store/work"]));
    }

    private enum Interruption
    {
        None,
        Cancelled,
        Edited,
    }

    // In the middle of the build, from the thread of a stage.
    private static Interruption Interrupt(RandomPipeline pipeline, CancellationTokenSource cancel, StringBuilder story)
    {
        var left = pipeline.Random.Next(1, 5);
        var file = pipeline.Random.Any([.. pipeline.Now.Files.Keys]);
        var kind = pipeline.Random.Next(5) switch
        {
            0 => Interruption.Cancelled,
            1 => Interruption.Edited,
            _ => Interruption.None,
        };
        pipeline.OnWork = _ =>
        {
            if (Interlocked.Decrement(ref left) != 0)
                return;
            if (kind == Interruption.Cancelled)
                cancel.Cancel();
            else if (kind == Interruption.Edited)
                pipeline.Edit(file, pipeline.Now.Files[file] + "!");
        };
        story.Append($"{kind} at work {left}, ");
        return kind;
    }

    private static void AssertFailedOnlyWhereItHadTo(
        RandomPipeline pipeline, RandomPipeline.Built built, Interruption interrupted)
    {
        foreach (var (name, outcome) in built.Outcomes)
        {
            var upstream = pipeline.Now.Closure([name]);
            switch (outcome)
            {
                case StageOutcome.Failed failed:
                    Assert.True(failed.Failure.Message switch
                    {
                        var told when told.Contains("told to fail") => pipeline.Failing.Contains(name),
                        var edited when edited.Contains(" changed while the stage read it") =>
                            interrupted == Interruption.Edited,
                        // Not tried again, because the build was ending.
                        var first when first.Contains("No answer.") =>
                            interrupted == Interruption.Cancelled && pipeline.Now[name].IsShaky,
                        var limited when limited.EndsWith("Run it without --only.", StringComparison.Ordinal) => true,
                        // A frozen stage is not built anew, even if that would help.
                        var lost when lost.Contains("Artifact ") || lost.Contains("could not be rebuilt") =>
                            upstream.Any(node => node.IsFrozen || pipeline.Failing.Contains(node.Name))
                            || interrupted != Interruption.None,
                        _ => false,
                    }, $"{name} failed: {failed.Failure.Message}\n{failed.Failure.InnerException}");
                    break;
                case StageOutcome.NotRun notRun:
                    var isLimited = notRun.Because.StartsWith("--only left out", StringComparison.Ordinal);
                    Assert.True(interrupted == Interruption.Cancelled || isLimited || upstream.Any(node =>
                        built.Outcomes[node.Name] is StageOutcome.Failed
                            or StageOutcome.NotRun { Because: ['-', '-', ..] }),
                        $"{name} was not run: {notRun.Because}");
                    break;
            }
        }
    }
}
