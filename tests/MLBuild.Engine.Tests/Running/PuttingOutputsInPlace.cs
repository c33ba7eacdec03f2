using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary><c>artifacts/</c> shows the results of the last run, whatever was done to it in between.</summary>
public sealed class PuttingOutputsInPlace : IDisposable
{
    private readonly TestSpace _space = new TestSpace().WithStage("train", writes: "model.zip notes/loss.txt plots/");

    [Fact]
    public void OutputsAreReadOnlyFilesByStage()
    {
        _space.Run();
        Assert.Equal(["train/model.zip", "train/notes/loss.txt", "train/plots/file"], _space.Artifacts());
        Assert.All(_space.Artifacts(), path =>
            Assert.True(File.GetAttributes(_space[$"artifacts/{path}"]).HasFlag(FileAttributes.ReadOnly)));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("train/model.zip")]
    [InlineData("train/notes")]
    [InlineData("train/plots/file")]
    public void DeletedOutputIsPutBack(string gone)
    {
        _space.Run();
        Store.LocalArtifactStore.RemoveReadOnly(_space[$"artifacts/{gone}"]);
        PutsAllBack();
    }

    [Theory]
    [InlineData("train/model.zip")]
    [InlineData("train/plots/file")]
    public void EditedOutputIsPutBack(string edited)
    {
        _space.Run();
        StoreLayout.FlipByte(_space[$"artifacts/{edited}"]);
        PutsAllBack();
    }

    [Theory]
    [InlineData("train/model.zip/file")]
    [InlineData("train/notes/loss.txt/file")]
    public void FolderWhereAFileShouldBeIsReplaced(string file)
    {
        _space.Run();
        File.Delete(Path.GetDirectoryName(_space[$"artifacts/{file}"])!);
        _space.Write($"artifacts/{file}", "in the way");
        PutsAllBack();
    }

    [Theory]
    [InlineData("train")]
    [InlineData("train/notes")]
    [InlineData("train/plots")]
    public void FileWhereAFolderShouldBeIsReplaced(string folder)
    {
        _space.Run();
        Directory.Delete(_space[$"artifacts/{folder}"], recursive: true);
        _space.Write($"artifacts/{folder}", "in the way");
        PutsAllBack();
    }

    [Fact]
    public void FileAddedToAFolderOutputIsTakenAway()
    {
        _space.Run();
        _space.Write("artifacts/train/plots/other", "x");
        PutsAllBack();
    }

    [Fact]
    public void WhatIsNoOutputIsTakenAway()
    {
        _space.Run();
        _space.Write("artifacts/train/old.zip", "x");
        _space.Write("artifacts/train/notes/old/old.txt", "x");
        _space.Write("artifacts/other/file", "not the stage's");
        Assert.Empty(_space.Run());
        Assert.Equal(["other/file", "train/model.zip", "train/notes/loss.txt", "train/plots/file"], _space.Artifacts());
    }

    [Fact]
    public void OutputThatIsNoLongerDeclaredLeaves()
    {
        _space.Run();
        _space.Stage("train").Writes = ["notes"];
        Assert.Equal(
            [Built("train",
            "output 'model.zip' is gone; output 'notes' is new; output 'notes/loss.txt' is gone; and 1 more")],
            _space.Run());
        Assert.Equal(["train/notes"], _space.Artifacts());
    }

    [Fact]
    public void FileThatBecomesAFolderIsNamedAsSuch()
    {
        _space.Run();
        _space.Stage("train").Writes = ["model.zip/", "notes/loss.txt", "plots/"];
        Assert.Equal([Built("train", "output 'model.zip' changed: file -> folder")], _space.Run());
        Assert.Equal(["train/model.zip/file", "train/notes/loss.txt", "train/plots/file"], _space.Artifacts());
    }

    [Fact]
    public void VanishedPartitionLeavesAndComesBackFromTheStore()
    {
        using var space = new TestSpace().With("jan.csv", "1").With("feb.csv", "2")
            .WithStage("ingest", reads: "jan.csv feb.csv");
        space.Run();
        File.Delete(space["jan.csv"]);
        Assert.Empty(space.Run());
        Assert.Equal(["ingest/feb/out.txt"], space.Artifacts());
        Assert.Equal(["ingest/feb"], space.Workspace().LastUnits());

        space.Write("jan.csv", "1");
        Assert.Equal([Restored("ingest/jan")], space.Run());
        Assert.Equal(["ingest/feb/out.txt", "ingest/jan/out.txt"], space.Artifacts());
    }

    [Fact]
    public void OutputOfAPartitionThatIsNoLongerDeclaredLeaves()
    {
        using var space = new TestSpace().With("jan.csv", "1")
            .WithStage("ingest", reads: "jan.csv", writes: "rows faults");
        space.Run();
        space.Stage("ingest").Writes = ["rows"];
        space.Run();
        Assert.Equal(["ingest/jan/rows"], space.Artifacts());
    }

    [Fact]
    public void StageMayGainAndLosePartitions()
    {
        using var space = new TestSpace().With("jan.csv", "1").WithStage("ingest", writes: "jan");
        space.Run();
        Assert.Equal(["ingest/jan"], space.Artifacts());

        space.Stage("ingest").Reads = ["jan.csv"];
        Assert.Equal([Built("ingest/jan")], space.Run());
        Assert.Equal(["ingest/jan/jan"], space.Artifacts());
        Assert.Equal(["ingest/jan"], space.Workspace().LastUnits());

        space.Stage("ingest").Reads = [];
        Assert.Equal([Restored("ingest")], space.Run());
        Assert.Equal(["ingest/jan"], space.Artifacts());
        Assert.Equal(["ingest"], space.Workspace().LastUnits());
    }

    public void Dispose() => _space.Dispose();

    private void PutsAllBack()
    {
        Assert.Equal([Restored("train")], _space.Run());
        Assert.Equal(["train/model.zip", "train/notes/loss.txt", "train/plots/file"], _space.Artifacts());
        Assert.All(_space.Artifacts(), path => Assert.Equal("train.1()", _space.Output(path)));
        Assert.Empty(_space.Run());
    }
}
