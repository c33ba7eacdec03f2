using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Running;

/// <summary>What ended builds left in the work folder goes with the next build.</summary>
public sealed class SweepingWork : IDisposable
{
    private readonly TestSpace _space = new TestSpace().WithStage("train");

    [Theory]
    [InlineData("4711-x/train/out/half", "4711-x.lock", "4711-x.lock.holder")]
    [InlineData("4711-x.lock", "4711-x.lock.holder.tmp-4711-0123456789abcdef0123456789abcdef")]
    [InlineData("4711-x.lock.holder")]
    // Made anew after its build had ended.
    [InlineData("4711-x/train/log.txt")]
    public void WhatAKilledBuildLeft(params string[] left)
    {
        foreach (var file in left)
            _space.Write($"store/work/{file}", "");
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

    [Fact]
    public async Task WorkThatWasGivenUpMayWriteUntilTheNextBuild()
    {
        for (var round = 0; round < 20; round++)
        {
            var begun = new TaskCompletionSource();
            using var end = new CancellationTokenSource();
            _space.Stage("train").Version = $"given up {round}";
            _space.Stage("train").Body = run => WriteUntil(run.Output("out.txt"), begun, end.Token);
            var runner = _space.Runner();
            var given = runner.Ensure(new("train"));
            await TestSpace.Until(begun.Task, given);
            runner.Dispose();
            await end.CancelAsync();
            await given;
        }
        _space.Stage("train").Body = null;
        _space.Run();
        Assert.Empty(Directory.GetFileSystemEntries(_space["store/work"]));
    }

    // As a library does that knows nothing of the build.
    private static void WriteUntil(string path, TaskCompletionSource begun, CancellationToken end)
    {
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            try
            {
                Directory.CreateDirectory($"{path}.{i}");
                File.WriteAllText($"{path}.{i}/part", "x");
            }
            catch (DirectoryNotFoundException)
            {
                // Its folder was removed between the two.
            }
            if (i == 20)
                begun.SetResult();
        }
    }

    public void Dispose() => _space.Dispose();
}
