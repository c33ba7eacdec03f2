using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Running;

/// <summary>What ended builds left in the work folder goes with the next build.</summary>
public sealed class SweepingWork : IDisposable
{
    private readonly TestSpace _space = new TestSpace().WithStage("train");

    [Fact]
    public void FolderThatWasMadeAnewAfterItsBuildHadEnded()
    {
        _space.Write("store/work/4711-x/train/log.txt", "late");
        _space.Run();
        Assert.Empty(Directory.GetFileSystemEntries(_space["store/work"]));
    }

    [Fact]
    public void FolderOfABuildThatRunsStays()
    {
        _space.Write("store/work/4711-x/train/log.txt", "at work");
        using (MLBuild.Store.StoreLock.TryTake(_space["store/work/4711-x.lock"]))
            _space.Run();
        Assert.True(File.Exists(_space["store/work/4711-x/train/log.txt"]));
        _space.Run();
        Assert.Empty(Directory.GetFileSystemEntries(_space["store/work"]));
    }

    public void Dispose() => _space.Dispose();
}
