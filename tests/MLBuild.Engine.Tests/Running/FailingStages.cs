using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>A stage that fails: what it says, what is kept, and how the next run goes on.</summary>
public sealed class FailingStages : IDisposable
{
    private readonly TestSpace _space = new TestSpace()
        .With("in.txt", "a")
        .WithStage("split", reads: "in.txt")
        .WithStage("train", reads: "split")
        .WithStage("report", reads: "train")
        .WithStage("other", reads: "split");

    private string Kept(string unit) => $"\nIts log and what it had written: {_space[$"store/failed/{unit}"]}";

    [Fact]
    public void OthersAreKeptAndTheNextRunGoesOn()
    {
        _space.Stage("train").Body = _ => throw new StageTrouble("The loss is NaN.");
        Assert.Equal(
        [
            Built("split/in"),
            Failed("train", "The loss is NaN." + Kept("train")),
            NotRun("report", "'train', which it reads, has no result"),
            Built("other"),
        ], _space.Run());

        _space.Stage("train").Body = null;
        Assert.Equal([Built("train"), Built("report")], _space.Run());
    }

    [Fact]
    public void LogAndPartialOutputAreKept()
    {
        _space.Stage("train").Writes = ["model.zip", "loss.txt"];
        _space.Stage("train").Body = run =>
        {
            run.Log("epoch 1");
            File.WriteAllText(run.Output("loss.txt"), "0.7");
            throw new StageTrouble("The loss is NaN.");
        };
        _space.Run();

        Assert.Equal(["train: epoch 1"], _space.Observer.Lines);
        Assert.Equal(["log.txt", "out/loss.txt"], StoreLayout.FilesIn(_space["store/failed/train"]));
        Assert.Equal("0.7", File.ReadAllText(_space["store/failed/train/out/loss.txt"]));
        var log = File.ReadAllLines(_space["store/failed/train/log.txt"]);
        Assert.Equal(["epoch 1", "", $"{typeof(StageTrouble)}: The loss is NaN."], log[..3]);
        Assert.Empty(StoreLayout.FilesIn(_space["artifacts/train"]));
    }

    [Fact]
    public void FailureAfterASuccessKeepsTheOldOutputs()
    {
        _space.Run();
        var old = _space.Output("train/out.txt");
        _space.Stage("train").Version = "2";
        _space.Stage("train").Body = run =>
        {
            File.WriteAllText(run.Output("out.txt"), "half");
            throw new StageTrouble("No.");
        };
        _space.Run();
        Assert.Equal(old, _space.Output("train/out.txt"));

        _space.Stage("train").Version = "1";
        Assert.Empty(_space.Run());
    }

    [Fact]
    public void FrameworkExceptionIsNamedByItsType()
    {
        _space.Stage("train").Body = _ => throw new KeyNotFoundException("The given key was not present.");
        Assert.Equal("KeyNotFoundException: The given key was not present." + Kept("train"), _space.Run()[1].Because);
    }

    [Fact]
    public void MissingOutputsAreNamedTogether()
    {
        _space.Stage("train").Writes = ["model.zip", "loss.txt", "plots/", "there.txt"];
        _space.Stage("train").Body = run =>
        {
            File.WriteAllText(run.Output("there.txt"), "");
            Directory.CreateDirectory(run.Output("loss.txt"));
        };
        Assert.Equal(
            "it finished but did not write 'model.zip', 'loss.txt', 'plots/'. Write it to run.Output(\"model.zip\")." +
            Kept("train"), _space.Run()[1].Because);
    }

    [Fact]
    public void UndeclaredOutputIsNamed()
    {
        _space.Stage("train").Body = run => run.Output("modle.zip");
        Assert.Equal("Stage 'train' does not write 'modle.zip'. It writes: out.txt. Declare it with Writes." +
            Kept("train"),
            _space.Run()[1].Because);
    }

    [Fact]
    public void UndeclaredInputIsNamed()
    {
        _space.Stage("train").Body = run => run.Input("other.txt");
        Assert.Equal("Stage 'train' does not read 'other.txt'. It reads: out.txt. Declare it with Reads." +
            Kept("train"),
            _space.Run()[1].Because);
    }

    [Fact]
    public void WhereNothingIsDeclaredThatIsSaid()
    {
        _space.Stage("train").Reads = [];
        _space.Stage("train").Body = run => run.Input("rows.csv");
        Assert.StartsWith("Stage 'train' does not read 'rows.csv'. It reads: nothing. Declare it with Reads.",
            _space.Run("train")[0].Because);
    }

    [Fact]
    public void OutputOfAStageThatIsReadButNotNamedIsUndeclared()
    {
        _space.Stage("split").Writes = ["train.txt", "test.txt"];
        _space.Stage("train").Reads = ["split/train.txt"];
        _space.Stage("train").Body = run => run.Input("test.txt");
        Assert.StartsWith("Stage 'train' does not read 'test.txt'. It reads: train.txt.",
            _space.Run("train")[0].Because);
    }

    [Fact]
    public void AmbiguousInputIsNamed()
    {
        _space.Stage("report").Reads = ["train", "split"];
        _space.Stage("report").Body = run => run.Input("out.txt");
        Assert.Equal(
            "Stage 'report' reads 2 files named 'out.txt'; Input takes one. Say which with 'Stage/name', or use " +
            "Inputs for all partitions." + Kept("report"), _space.Run()[2].Because);
        _space.Stage("report").Body = run => File.Copy(run.Input("train/out.txt"), run.Output("out.txt"));
        Assert.Equal([Built("report")], _space.Run());
    }

    [Fact]
    public void UndeclaredSourceAndObservationAreNamed()
    {
        _space.Stage("train").Body = run => _ = run.Source;
        Assert.StartsWith("Stage 'train' asks for its source file but has none. Declare one with ForEach.",
            _space.Run()[1].Because);
        _space.Stage("train").Body = run => run.Observed("tide");
        Assert.StartsWith("Stage 'train' does not observe 'tide'. Declare it with Observes.", _space.Run()[0].Because);
    }

    [Fact]
    public void FileWrittenBesideTheOutputsIsNotKept()
    {
        _space.Stage("train").Body = run =>
        {
            File.WriteAllText(run.Output("out.txt"), "x");
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(run.Output("out.txt"))!, "stray.txt"), "y");
        };
        _space.Run();
        Assert.Equal(["out.txt"], StoreLayout.FilesIn(_space["artifacts/train"]));
        Assert.Empty(StoreLayout.FilesIn(_space["store/work"]));
    }

    [Fact]
    public void SourceEditedWhileItIsReadIsNotKept()
    {
        _space.Stage("split").Body = run =>
        {
            File.WriteAllText(run.Output("out.txt"), File.ReadAllText(run.Source.Path));
            File.WriteAllText(run.Source.Path, "b");
        };
        Assert.Equal(
            $"1 of 1 partitions failed; the others are kept.\nin: '{_space["in.txt"]}' changed while the stage read " +
            $"it, so the result was not kept. Run the same command again.{Kept("split/in")}", _space.Run()[0].Because);
        _space.Write("in.txt", "a");
        _space.Stage("split").Body = null;
        Assert.Equal(Built("split/in"), _space.Run()[0]);
    }

    [Fact]
    public void SourceEditedAndChangedBackWhileItIsReadIsNotKept()
    {
        _space.WaitUntilOld("in.txt");
        _space.Stage("split").Body = run =>
        {
            File.WriteAllText(run.Source.Path, "b");
            File.WriteAllText(run.Output("out.txt"), File.ReadAllText(run.Source.Path));
            File.WriteAllText(run.Source.Path, "a");
        };
        Assert.Contains("changed while the stage read it, so the result was not kept.", _space.Run()[0].Because);
        _space.Stage("split").Body = null;
        Assert.Equal(Built("split/in"), _space.Run()[0]);
    }

    [Fact]
    public void OwnTimeoutOfAStageIsItsFailureNotTheEndOfTheBuild()
    {
        _space.Stage("train").Body = _ => throw new TaskCanceledException("The request was canceled.");
        Assert.Equal("TaskCanceledException: The request was canceled." + Kept("train"), _space.Run()[1].Because);
    }

    [Fact]
    public void OnePartitionThatFailsKeepsItsSiblings()
    {
        using var space = new TestSpace().With("jan.csv", "1").With("feb.csv", "bad").With("mar.csv", "3")
            .With("apr.csv", "bad")
            .WithStage("ingest", reads: "jan.csv feb.csv mar.csv apr.csv");
        space.Stage("ingest").Body = run =>
        {
            var text = File.ReadAllText(run.Source.Path);
            File.WriteAllText(run.Output("out.txt"), text);
            if (text == "bad")
                throw new StageTrouble($"{run.Source.Name} is bad.");
        };
        var kept = $"\nIts log and what it had written: {space["store/failed/ingest"]}";
        Assert.Equal([Failed("ingest", "2 of 4 partitions failed; the others are kept." +
            $"\nfeb: feb.csv is bad.{kept}/feb\napr: apr.csv is bad.{kept}/apr")], space.Run());

        space.Write("feb.csv", "2");
        space.Write("apr.csv", "4");
        Assert.Equal([Built("ingest/feb"), Built("ingest/apr")], space.Run());
        Assert.Equal(4, space.Artifacts().Length);
    }

    [Fact]
    public void OptionsThatAreNoRecordAreRefused()
    {
        _space.Stage("train").Options = "0.05";
        Assert.Equal(
            "The options of a stage are a String, not a record. Use a record of numbers, text, enums, dates, lists " +
            "of those, or a record of those.", _space.Run()[1].Because);
    }

    [Fact]
    public void SourcesWithOneKeyAreRefused()
    {
        _space.Stage("split").Sources = () => [new("k", _space["in.txt"]), new("k", _space["more.txt"])];
        Assert.Equal(
            $"Stage 'split' has 2 source files with the key 'k': '{_space["in.txt"]}', '{_space["more.txt"]}'. " +
            "Each partition needs a key of its own.", _space.Run()[0].Because);
    }

    [Fact]
    public void OutputThatIsStillOpenIsNotKept()
    {
        StreamWriter? forgotten = null;
        _space.Stage("train").Body = run =>
        {
            forgotten = new(run.Output("out.txt"));
            forgotten.Write("half");
        };
        Assert.Contains("/train/out/out.txt' is still open, so it may not be whole.", _space.Run()[1].Because);
        Assert.Empty(StoreLayout.FilesIn(_space["artifacts/train"]));
        forgotten!.Dispose();
    }

    [Fact]
    public void LinkToAFolderInAnOutputFailsTheStageAndHarmsNothing()
    {
        _space.Write("data/precious", "x");
        _space.Stage("train").Writes = ["plots/"];
        _space.Stage("train").Body = run =>
            Directory.CreateSymbolicLink(Path.Combine(run.Output("plots/"), "link"), _space["data"]);
        Assert.Contains("/plots/link' is a link to another folder, which a stored folder cannot hold.",
            _space.Run()[1].Because);
        Assert.Equal("x", File.ReadAllText(_space["data/precious"]));
    }

    [SmallDiskFact]
    public void FullStoreIsSaidAndTheNextRunGoesOn()
    {
        using var disk = new SmallDisk(sizeKb: 512);
        _space.StoreFolder = Path.Combine(disk.Path, "store");
        _space.Run("split");
        _space.Stage("train").Body = run => File.WriteAllBytes(run.Output("out.txt"), new byte[1_000_000]);

        var full = _space.Run("train")[0].Because;
        Assert.StartsWith($"The store '{_space.StoreFolder}' cannot be written: No space left on device", full);
        Assert.Contains("set MLBUILD_STORE to another folder, and run the same command again.", full);

        // Root may fill the disk to its last page.
        _space.Stage("train").Body = null;
        var filler = Path.Combine(disk.Path, "filler");
        Assert.Throws<IOException>(() => File.WriteAllBytes(filler, new byte[1_000_000]));
        Assert.StartsWith($"The store '{_space.StoreFolder}", _space.Run("train")[0].Because);

        File.Delete(filler);
        Assert.Equal([Built("train"), Built("report"), Built("other")], _space.Run());
    }

    [SmallDiskFact]
    public void ReadOnlyStoreIsEnoughWhereNothingIsToDo()
    {
        using var disk = new SmallDisk(sizeKb: 512);
        _space.StoreFolder = disk.Path;
        _space.Run();
        disk.MakeReadOnly();
        Assert.Empty(_space.Run());
        _space.Stage("train").Version = "2";
        Assert.Contains("cannot be written: Read-only file system", _space.Run()[0].Because);
    }

    [Fact]
    public void WhatCannotBeObservedIsNamed()
    {
        _space.Stage("train").Observations.Add(new("orders", _ => throw new IOException("The host is down.")));
        Assert.Equal(Failed("train", "what it observes as 'orders' could not be read: The host is down."),
            _space.Run()[1]);
    }

    public void Dispose() => _space.Dispose();
}
