using System.Globalization;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>What makes a stage run again, and what does not.</summary>
public sealed class Rerunning : IDisposable
{
    private readonly TestSpace _space = new TestSpace()
        .With("in.txt", "a")
        .WithStage("copy", reads: "in.txt", body: run =>
            File.WriteAllText(run.Output("out.txt"), File.ReadAllText(run.Source.Path).Trim()))
        .WithStage("train", reads: "copy", options: new Rate(0.05))
        .WithStage("report", reads: "train");

    private sealed record Rate(double LearningRate, string Note = "");

    [Fact]
    public void SecondRunDoesNothing()
    {
        Assert.Equal([Built("copy/in"), Built("train"), Built("report")], _space.Run());
        Assert.Empty(_space.Run());
        Assert.Empty(_space.Observer.Begun);
        Assert.Equal("report.1(train=train.1Rate { LearningRate = 0.05, Note =  }(copyin=a))",
            _space.Output("report/out.txt"));
    }

    [Fact]
    public void TouchedFileRunsNothing()
    {
        _space.Run();
        File.SetLastWriteTimeUtc(_space["in.txt"], DateTime.UtcNow.AddHours(1));
        Assert.Empty(_space.Run());
        _space.Write("in.txt", "a");
        Assert.Empty(_space.Run());
    }

    [Fact]
    public void ChangedFileRunsWhatDependsOnIt()
    {
        _space.Run();
        _space.Write("in.txt", "b");
        Assert.Equal(
        [
            Built("copy/in", $"input 'in.txt' changed: {Short("a")} -> {Short("b")}"),
            Built("train", $"input 'copy/in/out.txt' changed: {Short("a")} -> {Short("b")}"),
            Built("report", $"input 'train/out.txt' changed: {Short(Trained("a"))} -> {Short(Trained("b"))}"),
        ], _space.Run());
    }

    [Fact]
    public void EqualBytesCutOffWhatFollows()
    {
        _space.Run();
        _space.Write("in.txt", "a ");
        Assert.Equal([Built("copy/in", $"input 'in.txt' changed: {Short("a")} -> {Short("a ")}")], _space.Run());
    }

    [Fact]
    public void ChangedParameterIsNamedWithBothValues()
    {
        _space.Run();
        _space.Stage("train").Options = new Rate(0.1);
        Assert.Equal(Built("train", "parameter 'LearningRate' changed: 0.05 -> 0.1"), _space.Run()[0]);
    }

    [Fact]
    public void AtMostThreeReasonsAreNamed()
    {
        _space.Run();
        _space.Stage("train").Options = new Rate(0.1, "x");
        _space.Stage("train").Version = "2";
        _space.Stage("train").Writes = ["out.txt", "more.txt"];
        Assert.Equal("parameter 'LearningRate' changed: 0.05 -> 0.1; parameter 'Note' changed:  -> x; " +
            "code of train.Run changed: 1 -> 2; and 1 more", _space.Run()[0].Because);
    }

    [Fact]
    public void ChangedCodeRunsItsStage()
    {
        _space.Run();
        _space.Stage("train").Version = "2";
        Assert.Equal(
            ["built train: code of train.Run changed: 1 -> 2", $"built report: input 'train/out.txt' changed: " +
            $"{Short(Trained("a"))} -> {Short(Trained("a", "2"))}"], _space.Run().Select(e => e.ToString()));
    }

    [Fact]
    public void ParameterSetBackIsRestored()
    {
        _space.Run();
        var first = _space.Output("report/out.txt");
        _space.Stage("train").Options = new Rate(0.1);
        _space.Run();
        _space.Stage("train").Options = new Rate(0.05);
        Assert.Equal([Restored("train"), Restored("report")], _space.Run());
        Assert.Equal(first, _space.Output("report/out.txt"));
        Assert.Empty(_space.Run());

        // What explains is the last result, not the last work: from here, 0.05 was last.
        _space.Stage("train").Options = new Rate(0.2);
        Assert.Equal("parameter 'LearningRate' changed: 0.05 -> 0.2", _space.Run()[0].Because);
    }

    [Fact]
    public void ObservedTextThatChangesRunsTheStage()
    {
        var water = "17";
        _space.Stage("train").Observations.Add(new("high water", _ => water));
        _space.Stage("train").Body = run => File.WriteAllText(run.Output("out.txt"), run.Observed("high water"));
        _space.Run();
        Assert.Empty(_space.Run());
        water = "18";
        Assert.Equal("observed 'high water' changed: 17 -> 18", _space.Run()[0].Because);
        Assert.Equal("18", _space.Output("train/out.txt"));
    }

    [Fact]
    public void OnlyWhatIsAskedForAndWhatItReadsRuns()
    {
        Assert.Equal([Built("train")], _space.Run("train"));
        Assert.Equal(["copy/in", "train"], _space.Observer.Begun);
    }

    [Fact]
    public void ReadingOneOfTwoOutputsIsNotReadingTheOther()
    {
        using var space = new TestSpace()
            .With("in.txt", "a")
            .WithStage("split", reads: "in.txt", writes: "train.txt test.txt", body: run =>
            {
                File.WriteAllText(run.Output("train.txt"), "same");
                File.WriteAllText(run.Output("test.txt"), File.ReadAllText(run.Source.Path));
            })
            .WithStage("train", reads: "split/train.txt")
            .WithStage("evaluate", reads: "split/test.txt");
        space.Run();
        space.Write("in.txt", "b");
        Assert.Equal(["split/in", "evaluate"], space.Run().Select(e => e.Unit));
    }

    [Fact]
    public void ReadingAStageTwiceIsReadingItOnce()
    {
        _space.Stage("train").Reads = ["copy", "copy/out.txt"];
        _space.Stage("train").Body = run =>
            File.WriteAllText(run.Output("out.txt"), File.ReadAllText(run.Input("out.txt")));
        Assert.Equal([Built("copy/in"), Built("train"), Built("report")], _space.Run());
    }

    [Fact]
    public void DamagedRecordMeansRunningAgain()
    {
        _space.Run();
        foreach (var record in Directory.GetFiles(_space["store/ac"], "*", SearchOption.AllDirectories))
            StoreLayout.FlipByte(record, at: 40);
        Assert.Equal(
        [
            Built("copy/in", "the record of its last result is damaged or gone"),
            Built("train", "the record of its last result is damaged or gone"),
            Built("report", "the record of its last result is damaged or gone"),
        ], _space.Run());
    }

    [Fact]
    public void WhatWasLastIsLearnedAgain()
    {
        _space.Run();
        Directory.Delete(_space["store/last"], recursive: true);
        Assert.Empty(_space.Run());
        _space.Stage("train").Version = "2";
        Assert.Equal("code of train.Run changed: 1 -> 2", _space.Run()[0].Because);
    }

    [Fact]
    public void CultureOfTheMachineDoesNotMatter()
    {
        _space.Run();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = German.Culture;
            Assert.Empty(_space.Run());
            _space.Stage("train").Options = new Rate(0.1);
            _space.Stage("train").Body = run => File.WriteAllText(run.Output("out.txt"), "");
            Assert.Equal("parameter 'LearningRate' changed: 0.05 -> 0.1", _space.Run()[0].Because);
            _space.Stage("train").Options = new Rate(0.05);
            Assert.Equal([Restored("train"), Restored("report")], _space.Run());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.Empty(_space.Run());
    }

    [Fact]
    public void WithTheSystemsClockTheHashCacheChangesNothing()
    {
        _space.Run();
        _space.Clock.Advance(DateTimeOffset.UtcNow.AddHours(1) - _space.Clock.GetUtcNow());
        Assert.Empty(_space.Run());
        Assert.True(File.Exists(_space["store/hashes"]));
        Assert.Empty(_space.Run());
        _space.Write("in.txt", "b");
        Assert.Equal(3, _space.Run().Length);
    }

    public void Dispose() => _space.Dispose();

    private static string Trained(string text, string version = "1") =>
        $"train.{version}Rate {{ LearningRate = 0.05, Note =  }}(copyin={text})";

    private static string Short(string text) => Store.ContentHash.Of(text).Short;
}
