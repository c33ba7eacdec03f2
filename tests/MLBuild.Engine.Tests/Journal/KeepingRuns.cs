using MLBuild.Engine.History;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Journal;

/// <summary>The journal of runs: what it tells of each, of those that were killed, and what it lets go.</summary>
public sealed class KeepingRuns : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("in.txt", "a")
        .WithStage("split", reads: "in.txt").WithStage("train", reads: "split");

    [Fact]
    public async Task RunsAreToldNewestFirst()
    {
        await Run("Train");
        await Run("Train --again");

        var runs = Runs();
        Assert.Equal(["Train --again", "Train"], runs.Select(run => run.Start.Command));
        Assert.All(runs, run => Assert.Equal(RunState.Succeeded, run.State));
        Assert.Equal(
            ["train UpToDate x1", "split/in UpToDate x1"],
            runs[0].Units.Select(unit => unit with { Partition = unit.Stage == "split" ? "in" : null })
                .Select(unit => $"{unit.Name} {unit.Fate} x{unit.Count}"));
        Assert.Equal(
            ["split/in Ran because it was never built", "train Ran because it was never built"],
            runs[1].Units.Select(unit => $"{unit.Name} {unit.Fate} because {unit.Because}"));
        Assert.Equal(_space.Workspace().Last("train")!.Fingerprint, runs[0].Units[0].Fingerprint);
        Assert.Equal(new(Moment, "Train", "here", "3fd9"), runs[1].Start);
    }

    [Fact]
    public async Task FailureIsToldWithWhatItKeptFromRunning()
    {
        _space.Stage("split").Body = _ => throw new PipelineException("no such thing\nand more of it");
        await Run("Train");

        var run = Assert.Single(Runs());
        Assert.Equal((RunState.Failed, "split: no such thing"), (run.State, run.Failure));
        Assert.Equal(
            [
                "split/in Failed: no such thing",
                "train NotRun: 'split', which it reads, has no result",
            ],
            run.Units.Select(unit => $"{unit.Name} {unit.Fate}: {unit.Failure ?? unit.Because}"));
        Assert.Equal("it was never built", run.Units[0].Because);
    }

    [Fact]
    public async Task PartitionsThatAreUpToDateAreToldTogether()
    {
        _space.Stage("split").Reads = ["in.txt", "more.txt", "most.txt"];
        _space.With("more.txt", "b").With("most.txt", "c");
        await Run("first");
        _space.Write("most.txt", "d");
        await Run("second");

        Assert.Equal(
            ["split/in", "split/more", "split/most", "train"], Runs()[1].Units.Select(unit => unit.Name).Order());
        Assert.Equal(
            ["split UpToDate 2", "split/most Ran 1", "train Ran 1"],
            Runs()[0].Units.Select(unit => $"{unit.Name} {unit.Fate} {unit.Count}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RestoredWorkSaysWhatItSaved()
    {
        _space.Stage("train").Body = run =>
        {
            _space.Clock.Advance(TimeSpan.FromSeconds(90));
            _space.Stage("train").Mix(run);
        };
        await Run("first");
        _space.Write("in.txt", "b");
        await Run("second");
        _space.Write("in.txt", "a");
        await Run("third");

        Assert.Equal(TimeSpan.FromSeconds(90), Runs()[0].Saved);
        Assert.Equal("train Restored same recipe as 2019-01-31", Runs()[0].Units
            .Where(unit => unit.Stage == "train").Select(unit => $"{unit.Name} {unit.Fate} {unit.Because}").Single());
        Assert.Equal(TimeSpan.FromSeconds(90), Runs()[1].Duration);
    }

    [Fact]
    public async Task RunThatGoesOnIsToldFromOneThatWasKilled()
    {
        var workspace = _space.Workspace();
        var run = new RunJournal(workspace).Begin(Start("Train"))!;
        using (var runner = Runner(workspace, run))
            await runner.Ensure(new("split"));

        Assert.Equal(
            (RunState.Running, null, "split/in Ran"),
            Runs().Select(one => (one.State, one.Duration, string.Join(' ', one.Units.Select(Told)))).Single());

        // As the system closes the files of a process that was killed, in the middle of a line.
        run.Dispose();
        var text = Assert.Single(Directory.GetFiles(_space["store/runs"]));
        File.AppendAllText(text, "unit\tRan\t1");
        Assert.Equal((RunState.Killed, "split/in Ran"), Runs().Select(one =>
            (one.State, string.Join(' ', one.Units.Select(Told)))).Single());

        static string Told(RunUnit unit) => $"{unit.Name} {unit.Fate}";
    }

    [Fact]
    public void InterruptedRunTellsWhatWasGivenUp()
    {
        var workspace = _space.Workspace();
        using var run = new RunJournal(workspace).Begin(Start("Train"))!;
        run.Running(new(_space.Pipeline().Find("train"), null), new Verdict.NeverBuilt());
        _space.Clock.Advance(TimeSpan.FromSeconds(3));
        run.End(RunState.Interrupted, null, []);
        run.End(RunState.Succeeded, null, []);

        var told = Assert.Single(Runs());
        Assert.Equal(RunState.Interrupted, told.State);
        Assert.Equal(
            new RunUnit("train", null, UnitFate.NotRun)
            {
                Because = "it was given up when the build was stopped",
                Duration = TimeSpan.FromSeconds(3),
            },
            Assert.Single(told.Units));
    }

    [Fact]
    public async Task DamagedTextIsLeftOut()
    {
        await Run("first");
        await Run("second");
        var files = Directory.GetFiles(_space["store/runs"]).Order(StringComparer.Ordinal).ToArray();
        StoreLayout.FlipByte(files[1]);
        Assert.Equal(["first"], Runs().Select(run => run.Start.Command));
    }

    [Fact]
    public void OldestRunsGo()
    {
        var journal = new RunJournal(_space.Workspace());
        for (var i = 0; i < RunJournal.MostRuns + 3; i++)
        {
            _space.Clock.Advance(TimeSpan.FromMinutes(1));
            using var run = journal.Begin(new(_space.Clock.GetUtcNow(), $"run {i}", "here", null))!;
            // One of the first was killed.
            if (i != 1)
                run.End(RunState.Succeeded, null, []);
        }
        var commands = Runs().Select(run => run.Start.Command).ToArray();
        Assert.Equal(RunJournal.MostRuns, commands.Length);
        Assert.Equal(("run 202", "run 3"), (commands[0], commands[^1]));
        Assert.Equal(RunJournal.MostRuns, Directory.GetFiles(_space["store/runs"]).Length);
    }

    [Fact]
    public void WhereItCannotBeWrittenThereIsNone()
    {
        _space.Write("store/runs", "a file where the folder would be");
        Assert.Null(new RunJournal(_space.Workspace()).Begin(Start("Train")));
    }

    [Fact]
    public void EveryTextIsOneLine()
    {
        using var run = new RunJournal(_space.Workspace()).Begin(Start("Train\t--text \"a\nb\""))!;
        run.End(RunState.Failed, "it\r\nfailed", []);
        var told = Assert.Single(Runs());
        Assert.Equal(("Train --text \"a b\"", "it  failed"), (told.Start.Command, told.Failure));
    }

    [Theory]
    [InlineData(UnitFate.UpToDate)]
    [InlineData(UnitFate.Restored)]
    [InlineData(UnitFate.Ran)]
    [InlineData(UnitFate.Failed)]
    [InlineData(UnitFate.Frozen)]
    [InlineData(UnitFate.LeftOut)]
    [InlineData(UnitFate.NotRun)]
    public void WhatIsWrittenIsRead(UnitFate fate)
    {
        var unit = new RunUnit("train", "Fold=1,Depth=2", fate)
        {
            Count = 3,
            Because = "parameter 'Rate' changed: 0.1 -> 0.2",
            Fingerprint = ContentHash.Of("x"),
            Duration = TimeSpan.FromMilliseconds(1234),
            Saved = TimeSpan.FromHours(30),
            Failure = "no",
        };
        var text = RunText.Of(Start("Train")) + RunText.Of(unit);
        Assert.Equal(unit, Assert.Single(RunText.Begun("id", text, goesOn: true)!.Units));
        var sealedText = SealedText.Seal(text + RunText.OfEnd(RunState.Failed, TimeSpan.FromSeconds(2), "it"));
        var run = RunText.Ended("id", sealedText)!;
        Assert.Equal(
            (RunState.Failed, TimeSpan.FromSeconds(2), "it", 1),
            (run.State, run.Duration, run.Failure, run.Units.Count));
        // The whole text of a run has an end.
        Assert.Null(RunText.Ended("id", SealedText.Seal(text)));
    }

    public void Dispose() => _space.Dispose();

    private static DateTimeOffset Moment { get; } = new(2019, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static RunStart Start(string command) => new(Moment, command, "here", "3fd9");

    private List<RunEntry> Runs() => [.. new RunJournal(_space.Workspace()).Read()];

    private Runner Runner(Workspace workspace, OpenRun run) =>
        new(_space.Pipeline(), workspace, _space.Code, new RunObservers(new TestObserver(), run),
            RunSetting.Everything);

    private async Task Run(string command)
    {
        var workspace = _space.Workspace();
        using var run = new RunJournal(workspace).Begin(
            Start(command) with { BeganAt = Runs() is [var last, ..] ? last.Start.BeganAt.AddHours(1) : Moment })!;
        using var runner = Runner(workspace, run);
        await runner.Ensure(new("train"));
        await runner.Drain();
        var failure = runner.Ended().OfType<StageOutcome.Failed>().FirstOrDefault();
        run.End(
            failure is null ? RunState.Succeeded : RunState.Failed,
            failure is null ? null : $"{failure.Stage}: {failure.Failure.Message.Split('\n')[1].Split(": ")[1]}",
            runner.Ended());
    }
}
