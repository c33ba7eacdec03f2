using MLBuild.Engine.Running;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Properties.History;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>Whatever a person does to a pipeline, a build gives what computing it afresh would give, and does no work
/// that was ever done.</summary>
public sealed class RandomPipelines
{
    private const int SmallRounds = 25;
    private const int LargeRounds = 8;

    public static TheoryData<int> Small => Seeds.Of(first: 1, count: 80);

    public static TheoryData<int> Large => Seeds.Of(first: 1001, count: 4);

    [Theory]
    [MemberData(nameof(Small))]
    public Task NoWorkIsDoneTwice(int seed) => Course(seed, stages: 2 + (seed % 9), SmallRounds);

    [Theory]
    [MemberData(nameof(Large))]
    public Task NoWorkOfManyStagesIsDoneTwice(int seed) => Course(seed, stages: seed % 2 == 0 ? 200 : 80, LargeRounds);

    private static async Task Course(int seed, int stages, int rounds)
    {
        using var pipeline = new RandomPipeline(seed, stages);
        var history = new History();
        for (var round = 0; round < rounds; round++)
        {
            try
            {
                await Round(pipeline, history);
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round} of seed {seed}; {Seeds.Alone(seed)}\n{e}\n{pipeline.Now}");
            }
        }
    }

    private static async Task Round(RandomPipeline pipeline, History history)
    {
        var random = pipeline.Random;
        for (var changes = 0; changes == 0 || random.Chance(40); changes++)
            pipeline.Change();
        while (random.Chance(25))
            pipeline.Meddle();
        pipeline.Later();
        pipeline.Failing.Clear();
        if (random.Chance(12))
            pipeline.Failing.Add(random.Any(pipeline.Now.Nodes).Name);
        switch (random.Next(10))
        {
            case 0 or 1:
                await Together(pipeline, history, builds: random.Next(2, 5));
                break;
            case 2 when pipeline.Failing.Count == 0:
                await StoppedAndResumed(pipeline, history);
                break;
            case 3 or 4:
                await Limited(pipeline, history);
                break;
            default:
                await Alone(pipeline, history);
                break;
        }
    }

    private static async Task Alone(RandomPipeline pipeline, History history)
    {
        var asked = Asked(pipeline);
        var forecast = asked.Length > 1 || pipeline.Failing.Count > 0 ? [] : new Forecast(
            pipeline.Space.Pipeline(), pipeline.Space.Workspace(), pipeline.Space.Code).Of(new(asked[0]));
        var plan = history.Build(pipeline.Now, asked, [], pipeline.Failing);
        var built = await pipeline.Build(asked, RandomPipeline.Workers(pipeline.Random.Next(1, 9)));
        AssertAsPlanned(pipeline, plan, built);
        CameTrue(forecast, built);
        if (!pipeline.Random.Chance(25))
            return;
        plan = history.Build(pipeline.Now, asked, [], pipeline.Failing);
        built = await pipeline.Build(asked);
        AssertAsPlanned(pipeline, plan, built);
        Assert.All(built.Units, unit => Assert.True(
            unit.Verdict is Verdict.UpToDate or Verdict.Frozen or Verdict.Effect || pipeline.Failing.Count > 0,
            $"{unit.Unit} is not up to date after a build: {unit.Verdict}"));
    }

    // What both need is done by one.
    private static async Task Together(RandomPipeline pipeline, History history, int builds)
    {
        var asked = Enumerable.Range(0, builds).Select(_ => Asked(pipeline)).ToArray();
        var plans = asked.Select(names => history.Build(pipeline.Now, names, [], pipeline.Failing)).ToArray();
        var built = await Task.WhenAll(asked.Select(names => pipeline.Build(names)));
        // How they ended first: it says why one began less.
        foreach (var (plan, build) in plans.Zip(built))
            AssertRight(pipeline, plan, build);
        Assert.Equal(plans.SelectMany(plan => plan.Begun).Order(StringComparer.Ordinal),
            built.SelectMany(build => build.Begun).Order(StringComparer.Ordinal));
    }

    private static async Task StoppedAndResumed(RandomPipeline pipeline, History history)
    {
        var asked = Asked(pipeline);
        var plan = history.Build(pipeline.Now, asked, [], []);
        var left = pipeline.Random.Next(1, 6);
        Runner? runner = null;
        pipeline.OnWork = _ =>
        {
            if (Interlocked.Decrement(ref left) == 0)
                runner!.Stop();
        };
        var stopped = await pipeline.Build(asked, started: made => runner = made);
        pipeline.OnWork = _ => { };
        var resumed = await pipeline.Build(asked);
        var nodes = pipeline.Now.Nodes.ToDictionary(node => node.Name);
        Assert.Equal(Cached(plan.Begun), Cached(stopped.Begun.Concat(resumed.Begun)));
        AssertRight(pipeline, plan, resumed);

        // What fails once and is told to stop before it is tried again is begun by both.
        IEnumerable<string> Cached(IEnumerable<string> units) => units
            .Where(unit => !nodes[unit.Split('/')[0]].IsEffect).GroupBy(unit => unit, StringComparer.Ordinal)
            .SelectMany(same => nodes[same.Key.Split('/')[0]].IsShaky ? same.Take(1) : same)
            .Order(StringComparer.Ordinal);
    }

    private static async Task Limited(RandomPipeline pipeline, History history)
    {
        var asked = Asked(pipeline);
        var (selection, only) = pipeline.Only(asked);
        var plan = history.Build(pipeline.Now, asked, only, pipeline.Failing);
        AssertAsPlanned(pipeline, plan,
            await pipeline.Build(asked, RandomPipeline.Workers(pipeline.Random.Next(1, 9), selection)));
    }

    private static string[] Asked(RandomPipeline pipeline) => pipeline.Random.Next(4) switch
    {
        0 => [.. pipeline.Now.Nodes.Select(node => node.Name)],
        1 => [.. Enumerable.Range(0, 2).Select(_ => pipeline.Random.Any(pipeline.Now.Nodes).Name).Distinct()],
        _ => [pipeline.Random.Any(pipeline.Now.Nodes).Name],
    };

    private static void AssertAsPlanned(RandomPipeline pipeline, Prediction plan, RandomPipeline.Built built)
    {
        Assert.Equal(plan.Begun.Order(StringComparer.Ordinal), built.Begun.Order(StringComparer.Ordinal));
        AssertRight(pipeline, plan, built);
    }

    private static void AssertRight(RandomPipeline pipeline, Prediction plan, RandomPipeline.Built built)
    {
        Assert.Empty(built.Outcomes.Values.OfType<StageOutcome.Failed>()
            .Where(stage => plan.Endings[$"{stage.Stage}"] != Ending.Failed)
            .Select(stage => $"{stage.Stage}: {stage.Failure}"));
        Assert.Equal(plan.Endings.ToDictionary(stage => stage.Key, stage => stage.Value),
            built.Outcomes.ToDictionary(stage => stage.Key, stage => stage.Value switch
            {
                StageOutcome.Done => Ending.Done,
                StageOutcome.Failed => Ending.Failed,
                _ => Ending.NotRun,
            }));
        foreach (var node in pipeline.Now.Closure(plan.Endings.Keys)
            .Where(node => plan.Endings[node.Name] == Ending.Done))
        {
            foreach (var key in pipeline.Now.Keys(node))
            {
                var unit = Evaluator.Unit(node, key);
                if (plan.Kept.TryGetValue(unit, out var kept))
                    Assert.Equal(Evaluator.Files(node, key, kept).ToDictionary(), pipeline.Actual(unit));
            }
            var keys = pipeline.Now.Keys(node);
            if (keys is not [null] && Directory.Exists(pipeline.Space[$"artifacts/{node.Name}"]))
                Assert.Empty(Directory.GetFileSystemEntries(pipeline.Space[$"artifacts/{node.Name}"])
                    .Select(path => Path.GetFileName(path)).Except(keys));
        }
    }

    // What a line says is what happened, except where it says that a stage before it decides.
    private static void CameTrue(IReadOnlyList<Forecast.Line> forecast, RandomPipeline.Built built)
    {
        var events = built.Outcomes.Values.SelectMany(Event.Of).ToDictionary(e => e.Unit);
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
                case Expectation.Decided { Verdict: Verdict.Frozen }:
                    Assert.Equal(Event.Kept(line.Unit), came);
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
}
