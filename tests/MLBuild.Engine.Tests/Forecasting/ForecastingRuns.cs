using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Forecasting;

/// <summary>What would happen, said without doing it.</summary>
public sealed class ForecastingRuns : IDisposable
{
    private readonly TestSpace _space = new TestSpace()
        .With("jan.csv", "1").With("feb.csv", "2")
        .WithStage("ingest", reads: "jan.csv feb.csv mar.csv")
        .WithStage("join", reads: "ingest", options: new Rate(0.05))
        .WithStage("train", reads: "join")
        .WithStage("unrelated");

    private sealed record Rate(double Value);

    [Fact]
    public void BeforeTheFirstRun() => Assert.Equal(
    [
        "ingest/jan: would run because it was never built",
        "ingest/feb: would run because it was never built",
        "join: would run because it was never built",
        "train: would run because it was never built",
    ], Lines("train"));

    [Fact]
    public void NothingIsDone()
    {
        Lines("train");
        Assert.False(Directory.Exists(_space["store"]));
        Assert.False(Directory.Exists(_space["artifacts"]));
    }

    [Fact]
    public void AfterARun()
    {
        _space.Run();
        Assert.Equal(["ingest/jan: up to date", "ingest/feb: up to date", "join: up to date", "train: up to date"],
            Lines("train"));
    }

    [Fact]
    public void AfterAChange()
    {
        _space.Run();
        _space.Stage("join").Options = new Rate(0.1);
        File.Delete(_space["artifacts/ingest/jan/out.txt"]);
        _space.Write("mar.csv", "3");
        _space.Stage("train").Kind = StageKind.Effect;
        Assert.Equal(
        [
            "ingest/jan: would be restored from the store (same recipe as 2019-02-01)",
            "ingest/feb: up to date",
            "ingest/mar: would run because it was never built",
            "join: would run because parameter 'Value' changed: 0.05 -> 0.1; input 'ingest/mar/out.txt' is new; what " +
                "ingest gives may add to that",
            "train: would run because it acts on something outside",
        ], Lines("train"));

        File.Delete(_space["mar.csv"]);
        Assert.Equal("join: would run because parameter 'Value' changed: 0.05 -> 0.1", Lines("join")[2]);
        _space.Stage("join").Options = new Rate(0.05);
        Assert.Equal("train: would run because it acts on something outside", Lines("train")[3]);
    }

    [Fact]
    public void FilesOfAFolderAreNamedAlsoWhereAStageBeforeItRuns()
    {
        _space.Write("images/a.png", "a");
        _space.Stage("join").Files = [FilePattern.Parse("images/")];
        _space.Run();
        _space.Write("images/a.png", "b");
        _space.Write("jan.csv", "3");
        Assert.Equal("join: would run because input './images/' changed: 1 file changed (a.png); what ingest gives " +
            "may add to that", Lines("join")[2]);
    }

    [Fact]
    public void WhatAStageBeforeItDecidesIsSaid()
    {
        _space.Run();
        _space.Write("jan.csv", "3");
        Assert.Equal(
        [
            "ingest/jan: would run because input 'jan.csv' changed: 6b86b273 -> 4e074085",
            "ingest/feb: up to date",
            "join: depends on what ingest gives, which would run first",
            "train: depends on what join gives, which is not decided either",
        ], Lines("train"));

        _space.Stage("train").Options = new Rate(0.2);
        Assert.Equal("train: would run because parameter 'Value' is new: 0.2; what join gives may add to that",
            Lines("train")[3]);
    }

    [Fact]
    public void WhatMayBeInTheStoreIsNotPromisedToRun()
    {
        _space.Run();
        _space.Stage("join").Options = new Rate(0.1);
        _space.Run();
        _space.Stage("join").Options = new Rate(0.05);
        _space.Write("jan.csv", "3");
        Assert.Equal("join: depends on what ingest gives, which would run first; different already: parameter " +
            "'Value' changed: 0.1 -> 0.05", Lines("train")[2]);
    }

    [Fact]
    public void StagesThatTheHostSkipsStandAsTheyAre()
    {
        Assert.Equal(
        [
            "ingest: would be skipped; it has no earlier result",
            "join: could not run: 'ingest', which it reads, has no result",
            "train: could not run: 'join', which it reads, has no result",
        ], Lines(["ingest"], "train"));

        _space.Run();
        _space.Write("jan.csv", "3");
        Assert.Equal(["ingest: would be skipped; its last result stands", "join: up to date", "train: up to date"],
            Lines(["ingest"], "train"));
    }

    [Fact]
    public void PartitionsOfPartitionsDependOnTheirOwn()
    {
        _space.WithStage("clean", reads: "ingest");
        _space.Stage("clean").Partitioning = new Partitioning.SameAs(new("ingest"));
        _space.Run();
        _space.Write("jan.csv", "3");
        Assert.Equal(
        [
            "ingest/jan: would run because input 'jan.csv' changed: 6b86b273 -> 4e074085",
            "ingest/feb: up to date",
            "clean/jan: depends on what ingest gives, which would run first",
            "clean/feb: up to date",
        ], Lines("clean"));
    }

    [Fact]
    public void FrozenStagesAreKept()
    {
        _space.Run();
        _space.Stage("join").FrozenBecause = "it takes a week";
        _space.Stage("join").Options = new Rate(0.1);
        Assert.Equal("join: would be kept as it is: it is frozen (it takes a week); it would run because parameter " +
            "'Value' changed: 0.05 -> 0.1", Lines("train")[2]);
        Assert.Equal("train: up to date", Lines("train")[3]);
        _space.Write("jan.csv", "3");
        Assert.Equal("join: depends on what ingest gives, which would run first; different already: parameter " +
            "'Value' changed: 0.05 -> 0.1", Lines("train")[2]);
    }

    [Fact]
    public async Task WhatOnlyLeavesOutIsSaidAndThenLeftOut()
    {
        _space.Run();
        _space.Write("jan.csv", "3");
        _space.Write("feb.csv", "4");
        var only = Selection.Of(["feb"], _space.Pipeline(), [new("ingest"), new("join")]);
        Assert.Equal(
        [
            "ingest/jan: would be left out by --only; else it would run because input 'jan.csv' changed: 6b86b273 -> " +
                "4e074085",
            "ingest/feb: would run because input 'feb.csv' changed: d4735e3a -> 4b227777",
            "join: could not run: --only left out 1 of the partitions of 'ingest', which it reads",
        ], new Forecast(_space.Pipeline(), _space.Workspace(), _space.Code).Of(
            [new("join")], new HashSet<StageName>(), only).Select(line => line.ToString()));

        using var runner = _space.Runner(setting: RunSetting.Everything with { Only = only });
        Assert.Equal(
        [
            Event.Built("ingest/feb", "input 'feb.csv' changed: d4735e3a -> 4b227777"),
            Event.NotRun("join", "--only left out 1 of the partitions of 'ingest', which it reads"),
        ], await _space.Outcomes(runner, "ingest", "join"));
    }

    [Fact]
    public void HistoryTellsTheLastBuildAndWhatHadChanged()
    {
        Assert.Empty(History("join"));
        _space.Run();
        Assert.Null(Assert.Single(History("join")).Before);

        _space.Stage("join").Options = new Rate(0.1);
        _space.Run();
        var past = Assert.Single(History("join"));
        Assert.Equal("parameter 'Value' changed: 0.05 -> 0.1", $"{Assert.Single(past.Changes)}");
        Assert.Equal((1, 2), (past.Before!.FinishedAt.Day, past.Last.FinishedAt.Day));
        Assert.Equal(["ingest/feb", "ingest/jan"], History("ingest").Select(build => build.Last.Stage));
    }

    [Fact]
    public void UnknownStageIsNamed() =>
        Assert.Equal("There is no stage 'trian'. Stages: ingest, join, train, unrelated. Did you mean 'train'?",
        Assert.Throws<PipelineException>(() => Lines("trian")).Message);

    public void Dispose() => _space.Dispose();

    private string[] Lines(string[] leftAlone, string stage) =>
        [.. new Forecast(_space.Pipeline(), _space.Workspace(), _space.Code)
            .Of([new(stage)], leftAlone.Select(name => new StageName(name)).ToHashSet(), Selection.Everything)
            .Select(line => line.ToString())];

    private string[] Lines(string stage) =>
        [.. new Forecast(_space.Pipeline(), _space.Workspace(), _space.Code).Of(new(stage))
            .Select(line => line.ToString())];

    private IReadOnlyList<Forecast.Past> History(string stage) =>
        new Forecast(_space.Pipeline(), _space.Workspace(), _space.Code).History(new(stage));
}
