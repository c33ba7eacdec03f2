using MLBuild.Engine.Running;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>Whatever happens to a pipeline, a run gives what computing it afresh would give, and does no work
/// twice.</summary>
public sealed class RandomPipelines
{
    private const int Rounds = 10;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task WithoutFaultsNoWorkIsDoneTwiceAndForecastsComeTrue(int seed)
    {
        using var pipeline = new RandomPipeline(seed);
        for (var round = 0; round < Rounds; round++)
        {
            for (var edits = 0; edits == 0 || pipeline.Chance(50); edits++)
                pipeline.Edit();
            var asked = pipeline.Any(pipeline.Stages);
            var forecast = new Forecast(pipeline.Space.Pipeline(), pipeline.Space.Workspace(), pipeline.Space.Code)
                .Of(new(asked));

            var builds =
                await Task.WhenAll(Builds(pipeline, count: pipeline.Chance(30) ? 2 : 1, [.. pipeline.Upstream(asked)]));

            AssertRight(pipeline, asked);
            if (builds is not [var only])
                continue;
            AssertCameTrue(forecast, only.ToDictionary(e => e.Unit));
            Assert.Empty(await pipeline.Space.RunAsync(asked));
        }
        Assert.All(pipeline.Worked, work => Assert.Equal(1, work.Value));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task WithFaultsEveryRunEndsRightOrFailsWhereItWasToldTo(int seed)
    {
        using var pipeline = new RandomPipeline(seed);
        for (var round = 0; round < Rounds; round++)
        {
            while (pipeline.Chance(60))
                pipeline.Edit();
            while (pipeline.Chance(60))
                pipeline.Fault();
            pipeline.Failing.Clear();
            if (pipeline.Chance(30))
                pipeline.Failing.Add(pipeline.Any(pipeline.Stages));

            // At times two builds at once, which must not matter.
            foreach (var events in await Task.WhenAll(Builds(pipeline, count: pipeline.Chance(30) ? 2 : 1)))
            {
                var without = events.Where(e => e.What is "failed" or "not run").ToDictionary(e => e.Unit);
                Assert.All(without.Values.Where(e => e.What == "failed"),
                    e => Assert.Contains("told to fail", e.Because));
                Assert.All(without.Keys, stage => Assert.Contains(pipeline.Upstream(stage), pipeline.Failing.Contains));
                Assert.All(pipeline.Stages.Where(stage => !without.ContainsKey(stage)),
                    stage => AssertRight(pipeline, stage));
            }
            pipeline.Failing.Clear();
            Assert.DoesNotContain(await pipeline.Space.RunAsync(), e => e.What is "failed" or "not run");
            Assert.All(pipeline.Stages, stage => AssertRight(pipeline, stage));
            Assert.Empty(await pipeline.Space.RunAsync());
        }
    }

    // What a line says is what happened, except where it says that a stage before it decides.
    private static void AssertCameTrue(IReadOnlyList<Forecast.Line> forecast, Dictionary<string, Event> events)
    {
        Assert.Subset(forecast.Select(line => line.Unit).ToHashSet(), events.Keys.ToHashSet());
        Assert.All(forecast, line =>
        {
            var came = events.GetValueOrDefault(line.Unit);
            switch (line.Expectation)
            {
                case Expectation.Decided { Verdict: Verdict.UpToDate }:
                    Assert.Null(came);
                    break;
                case Expectation.Decided { Verdict: Verdict.Restore }:
                    Assert.Equal(Event.Restored(line.Unit), came);
                    break;
                case Expectation.Decided decided:
                    Assert.Equal(Event.Built(line.Unit, decided.Verdict.Because), came);
                    break;
                case Expectation.RunsAnyway runs:
                    Assert.Equal("built", came!.What);
                    // Named, or counted with those behind the first three.
                    Assert.All(runs.Verdict.Changes, change => Assert.True(
                        came.Because.Contains($"{change}", StringComparison.Ordinal)
                        || came.Because.EndsWith(" more", StringComparison.Ordinal)
                        || came.Because.Contains(" inputs from ", StringComparison.Ordinal), $"{came} not {change}"));
                    break;
                case Expectation.Open open:
                    Assert.Equal(open.UpstreamRuns, forecast.Any(other => other.Stage == open.WaitsFor
                        && events.GetValueOrDefault(other.Unit)?.What == "built" && other.Expectation.IsSureToRun));
                    break;
                default:
                    Assert.Fail($"unexpected {line}");
                    break;
            }
        });
    }

    private static IEnumerable<Task<Event[]>> Builds(RandomPipeline pipeline, int count, params string[] stages) =>
        Enumerable.Range(0, count).Select(_ => Task.Run(async () =>
        {
            using var runner = pipeline.Space.Runner(observer: new());
            return await pipeline.Space.Outcomes(runner, stages);
        }));

    private static void AssertRight(RandomPipeline pipeline, string stage) =>
        Assert.All(pipeline.Upstream(stage), upstream =>
            Assert.Equal(pipeline.Expected(upstream), pipeline.Actual(upstream)));
}
