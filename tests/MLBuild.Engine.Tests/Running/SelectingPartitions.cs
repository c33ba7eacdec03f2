using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>Limiting a run to some partitions.</summary>
public sealed class SelectingPartitions : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("jan.csv", "1").With("feb.csv", "2").With("mar.csv", "3")
        .WithStage("ingest", reads: "jan.csv feb.csv mar.csv").WithStage("check", reads: "ingest")
        .WithStage("join", reads: "check").WithStage("other", reads: "jan.csv");

    public SelectingPartitions() => _space.Stage("check").Partitioning = new Partitioning.SameAs(new("ingest"));

    [Fact]
    public async Task OthersAreLeftOut()
    {
        using var runner = Limited("jan");
        Assert.Equal([Built("ingest/jan"), Built("check/jan")], await _space.Outcomes(runner, "ingest", "check"));
        var done = (StageOutcome.Done)await runner.Ensure(new("ingest"));
        Assert.Equal(["ingest/feb", "ingest/mar"], done.LeftOut.Select(unit => unit.Name));
    }

    [Fact]
    public async Task LaterRunDoesTheRest()
    {
        using (var runner = Limited("*a*"))
            await _space.Outcomes(runner, "check");
        Assert.Equal(["ingest/feb", "check/feb", "join", "other/jan"], _space.Run().Select(e => e.Unit));
    }

    [Fact]
    public async Task StageThatNeedsAllDoesNotRun()
    {
        using var runner = Limited("jan");
        Assert.Equal([NotRun("join", "--only left out 2 of the partitions of 'check', which it reads")],
            await _space.Outcomes(runner, "join"));
    }

    [Fact]
    public async Task StageThatNeedsAllRunsIfTheOthersNeedNotRun()
    {
        _space.Run();
        _space.Write("jan.csv", "10");
        using var runner = Limited("jan");
        Assert.Equal("join", (await _space.Outcomes(runner, "join")).Single().Unit);
    }

    [Fact]
    public async Task StageInThePatternLimitsWhatHasTheSamePartitions()
    {
        using var runner = Limited("check/feb");
        Assert.Equal([Built("ingest/feb"), Built("check/feb"), Built("other/jan")],
            await _space.Outcomes(runner, "ingest", "check", "other"));
    }

    [Fact]
    public void PatternThatNamesNothingIsRefused() => Assert.Equal(
        "--only 'Fold=9' names no partition. ingest has: jan, feb, mar. check has: jan, feb, mar. other has: jan.",
        Assert.Throws<PipelineException>(() => Limited("Fold=9")).Message);

    [Fact]
    public void UnknownStageIsRefused() => Assert.Equal(
        "There is no stage 'chek'. Stages: ingest, check, join, other. Did you mean 'check'?",
        Assert.Throws<PipelineException>(() => Limited("chek/jan")).Message);

    [Fact]
    public void PipelineWithoutPartitionsIsSaid()
    {
        using var space = new TestSpace().WithStage("train");
        Assert.Equal("--only 'x' names no partition. No stage of this build has partitions.",
            Assert.Throws<PipelineException>(() => Selection.Of(["x"], space.Pipeline(), [new("train")])).Message);
    }

    public void Dispose() => _space.Dispose();

    private Runner Limited(string pattern)
    {
        var pipeline = _space.Pipeline();
        return _space.Runner(setting: RunSetting.Everything with
        {
            Only = Selection.Of([pattern], pipeline, [.. pipeline.Stages.Select(stage => stage.Name)]),
        });
    }
}
