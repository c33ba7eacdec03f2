using System.Globalization;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Running;

/// <summary>Cores and memory of this machine, lent to work that runs. Who waits is served in the order of
/// importance, and nobody is served before one who is more important: so none waits for ever.</summary>
public sealed class ResourcePool
{
    private const double BytesPerGigabyte = 1e9;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Waiter, (TimeSpan Less, long Later)> _waiting = new();
    private readonly int _cores;
    private readonly long _bytes;
    private int _freeCores;
    private long _freeBytes;
    private long _came;

    /// <param name="memoryBytes">What all work together may fill.</param>
    public ResourcePool(int cores, long memoryBytes) =>
        (_cores, _bytes, _freeCores, _freeBytes) = (cores, memoryBytes, cores, memoryBytes);

    /// <param name="Served">Cancelled if it waits no more.</param>
    private sealed record Waiter(int Cores, long Bytes, TaskCompletionSource Served);

    public static ResourcePool OfThisMachine() =>
        new(Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Waits until what a stage needs is free and takes it; disposing gives it back.</summary>
    /// <param name="importance">How much work in all waits for this. Asked only if it has to wait.</param>
    /// <exception cref="StageFailedException">This machine has less memory than the stage needs.</exception>
    public async Task<IDisposable> Take(StageLimits limits, Func<TimeSpan> importance, CancellationToken cancel)
    {
        var needed = (Cores: Math.Min(limits.Cores, _cores), Bytes: (long)(limits.MemoryGigabytes * BytesPerGigabyte));
        if (needed.Bytes > _bytes)
            throw new StageFailedException(string.Create(CultureInfo.InvariantCulture,
                $"it needs {limits.MemoryGigabytes:0.#} GB of memory, and this machine has " +
                $"{_bytes / BytesPerGigabyte:0.#} GB. Declare less with NeedsMemory, or run it on a larger machine."));
        var waiter = new Waiter(
            needed.Cores, needed.Bytes, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!IsServedAtOnce(waiter))
        {
            // Outside the lock, because files are read for it.
            var important = importance();
            lock (_lock)
            {
                _waiting.Enqueue(waiter, (-important, _came++));
                Serve();
            }
        }
        await using var registration = cancel.Register(() =>
        {
            waiter.Served.TrySetCanceled(cancel);
            // It may have been the one that the others had to wait behind.
            lock (_lock)
                Serve();
        });
        await waiter.Served.Task;
        return new Loan(this, waiter);
    }

    private bool IsServedAtOnce(Waiter waiter)
    {
        lock (_lock)
            return _waiting.Count == 0 && TryLend(waiter);
    }

    private void Serve()
    {
        while (_waiting.TryPeek(out var next, out _) && (next.Served.Task.IsCanceled || TryLend(next)))
            _waiting.Dequeue();
    }

    private bool TryLend(Waiter waiter)
    {
        if (waiter.Cores > _freeCores || waiter.Bytes > _freeBytes)
            return false;
        // Called off at this very moment, it takes nothing.
        if (waiter.Served.TrySetResult())
        {
            _freeCores -= waiter.Cores;
            _freeBytes -= waiter.Bytes;
        }
        return true;
    }

    private sealed class Loan(ResourcePool pool, Waiter waiter) : IDisposable
    {
        public void Dispose()
        {
            lock (pool._lock)
            {
                pool._freeCores += waiter.Cores;
                pool._freeBytes += waiter.Bytes;
                pool.Serve();
            }
        }
    }
}
