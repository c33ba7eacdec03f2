using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Forecasting;

/// <summary>What a dry run says of a whole pipeline: a line a stage, and what it comes to.</summary>
public sealed class SummingUpForecasts : IDisposable
{
    private readonly TestSpace _space = new();

    public SummingUpForecasts()
    {
        for (var month = 1; month <= 5; month++)
            _space.Write($"{month:00}.csv", $"{month}");
        _space.WithStage("ingest", reads: "01.csv 02.csv 03.csv 04.csv 05.csv 06.csv 07.csv", body: Taking(seconds: 60))
            .WithStage("join", reads: "ingest", options: new Rate(0.05), body: Taking(seconds: 10))
            .WithStage("train", reads: "join", body: Taking(seconds: 252));
    }

    private sealed record Rate(double Value);

    [Fact]
    public void BeforeTheFirstRun() => Assert.Equal(
    [
        "ingest: 5 of 5 partitions would run because it was never built",
        "join: would run because it was never built",
        "train: would run because it was never built",
        "3 stages would run",
    ], Lines());

    [Fact]
    public void WhenNothingChanged()
    {
        Run();
        Assert.Equal(
        [
            "ingest: up to date (5 partitions)", "join: up to date", "train: up to date",
            "nothing would run, 3 stages are up to date",
        ], Lines());
    }

    [Fact]
    public void PartitionsAreCountedAndTheFirstThreeNamed()
    {
        Run();
        _space.Write("06.csv", "6");
        Assert.Equal("ingest: 1 of 6 partitions would run (06: it was never built)", Lines()[0]);

        foreach (var month in (string[])["01", "02", "03"])
            _space.Write($"{month}.csv", $"{month} again");
        File.Delete(_space["artifacts/ingest/04/out.txt"]);
        Assert.Equal("ingest: 4 of 6 partitions would run (01: input '01.csv' changed: 6b86b273 -> a7f0afaf; " +
            "02: input '02.csv' changed: d4735e3a -> 25186b3a; 03: input '03.csv' changed: 4e074085 -> b3b05fb2; " +
            "and 1 more); 1 of 6 partitions would be restored from the store", Lines()[0]);
        Assert.Equal(
        [
            "ingest/01: would run because input '01.csv' changed: 6b86b273 -> a7f0afaf",
            "ingest/02: would run because input '02.csv' changed: d4735e3a -> 25186b3a",
            "ingest/03: would run because input '03.csv' changed: 4e074085 -> b3b05fb2",
            "ingest/04: would be restored from the store (same recipe as 2019-02-01)",
            "ingest/05: up to date",
            "ingest/06: would run because it was never built",
        ], Dry().Of(new("ingest"), inFull: true));
    }

    [Fact]
    public void TheTimeIsThatOfPastRuns()
    {
        Run();
        _space.Stage("train").Version = "2";
        Assert.Equal("1 stage would run, 2 stages are up to date; about 4 min 12 s of work by past runs", Lines()[^1]);
        _space.Stage("join").Version = "2";
        Assert.Equal("2 stages would run, 1 stage is up to date; about 4 min 22 s of work by past runs", Lines()[^1]);
        _space.Stage("train").Version = "1";
        Assert.Equal("1 stage would run, 1 stage may run, 1 stage is up to date; about 10.0 s of work by past runs, " +
            "up to 4 min 22 s if all that may run does", Lines()[^1]);

        // A partition that never ran takes what its siblings take.
        _space.Write("06.csv", "6");
        Assert.Equal("2 stages would run, 1 stage may run; about 1 min 10 s of work by past runs, up to 5 min 22 s " +
            "if all that may run does", Lines()[^1]);
    }

    [Fact]
    public void WhatWouldRunBeforeSomethingThatIsNoStageIsNamed()
    {
        StageName[] all = [new("ingest"), new("join"), new("train")];
        Run();
        Assert.Equal(", after 3 stages of which none would run", Dry().Before(all));
        Assert.Equal("", Dry().Before([]));
        _space.Stage("join").Version = "2";
        Assert.Equal(", after join (would run) and train (may run)", Dry().Before(all));
        Assert.Equal(", after 1 stage of which none would run", Dry().Before(all[..1]));
        _space.Stage("train").Version = "2";
        Assert.Equal(", after join, train (would run)", Dry().Before(all));
        Assert.Equal(", after 3 stages of which none would run", Dry("ingest", "join", "train").Before(all));
    }

    [Fact]
    public void RestoredAndSkippedStagesAreCounted()
    {
        Run();
        File.Delete(_space["artifacts/join/out.txt"]);
        Assert.Equal(
        [
            "ingest: would be skipped; its last result stands",
            "join: would be restored from the store (same recipe as 2019-02-01)",
            "train: up to date",
            "nothing would run, 1 stage would be restored, 1 stage is up to date, 1 stage would be left out",
        ], Lines("ingest"));
    }

    public void Dispose() => _space.Dispose();

    // One after the other, so that no work takes the time of other work.
    private void Run()
    {
        _space.Clock.Advance(TimeSpan.FromDays(1));
        using var runner = _space.Runner(setting: new(new(cores: 1, memoryBytes: 1), Selection.Everything));
        _space.Outcomes(runner).GetAwaiter().GetResult();
    }

    private Action<StageRun> Taking(int seconds) => run =>
    {
        _space.Clock.Advance(TimeSpan.FromSeconds(seconds));
        File.WriteAllText(run.Output("out.txt"), $"{seconds}");
    };

    private DryRun Dry(params string[] leftAlone) => new(
        new Forecast(_space.Pipeline(), _space.Workspace(), _space.Code)
            .Of([new("train")], leftAlone.Select(name => new StageName(name)).ToHashSet(), Selection.Everything),
        _space.Workspace().Records.All());

    private string[] Lines(params string[] leftAlone)
    {
        var dry = Dry(leftAlone);
        return [.. _space.Pipeline().Stages.SelectMany(stage => dry.Of(stage.Name)), dry.Summary()];
    }
}
