namespace MLBuild.Store.Tests;

/// <summary>Locks between processes.</summary>
public sealed class Locking : IDisposable
{
    private readonly TempFolder _folder = new();

    private string LockPath => _folder["locks/a"];

    [Fact]
    public void FreeLockIsTakenOnce()
    {
        using (var first = StoreLock.TryTake(LockPath))
        {
            Assert.NotNull(first);
            Assert.Null(StoreLock.TryTake(LockPath));
        }
        using var again = StoreLock.TryTake(LockPath);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task WaiterNamesTheHolderOnceAndGetsTheLockWhenTheHolderDies()
    {
        using var child = ChildProcess.Holding(LockPath);
        var told = new List<string>();
        var toldOnce = new TaskCompletionSource();
        var waiting = StoreLock.TakeAsync(LockPath, holder => { told.Add(holder); toldOnce.SetResult(); },
            CancellationToken.None);
        await toldOnce.Task;
        Assert.False(waiting.IsCompleted);

        child.Kill();

        using var taken = await waiting;
        Assert.Equal([$"process {child.Id} on {Environment.MachineName}"], told);
    }

    [Fact]
    public async Task WaiterIsToldWhatTheHolderDoes()
    {
        var held = StoreLock.TryTake(LockPath, "Train, since 10:42:07");
        var told = "";
        using var taken = await StoreLock.TakeAsync(LockPath, holder =>
        {
            told = holder;
            held!.Dispose();
        }, CancellationToken.None);
        Assert.Equal($"process {Environment.ProcessId} on {Environment.MachineName} (Train, since 10:42:07)", told);
    }

    [Fact]
    public async Task WaitingCanBeCancelled()
    {
        using var held = StoreLock.TryTake(LockPath);
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            StoreLock.TakeAsync(LockPath, _ => cancel.Cancel(), cancel.Token));
    }

    [Fact]
    public async Task NoTwoHoldAtOnce()
    {
        var (inside, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using (await StoreLock.TakeAsync(LockPath, _ => { }, CancellationToken.None))
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
        }));
        Assert.Equal(1, most);
    }

    // As Prune does with a lock that is old and free, while others take it.
    [Fact]
    public async Task NoTwoHoldAtOnceThoughItIsForgotten()
    {
        var (inside, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var round = 0; round < 1000; round++)
            {
                using var held = StoreLock.TryTake(LockPath);
                if (held is null)
                    continue;
                var now = Interlocked.Increment(ref inside);
                for (var seen = most; now > seen; seen = most)
                    Interlocked.CompareExchange(ref most, now, seen);
                // Before it is free for others: who takes it then has another file.
                Interlocked.Decrement(ref inside);
                StoreLock.Forget(LockPath);
            }
        })));
        Assert.Equal(1, most);
    }

    [Fact]
    public void LockWhereNoneCanBeSaysSo()
    {
        _folder.Write("occupied", "a file");
        var e = Assert.Throws<StoreUnavailableException>(() => StoreLock.TryTake(_folder["occupied/a"]));
        Assert.StartsWith($"The store '{_folder["occupied"]}' cannot be written: ", e.Message);
    }

    public void Dispose() => _folder.Dispose();
}
