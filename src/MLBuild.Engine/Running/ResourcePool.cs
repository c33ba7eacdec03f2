using System.Globalization;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Running;

/// <summary>Cores and memory of this machine, lent to work that runs. Who waits is served in the order of
/// importance, and nobody is served before one who is more important: so none waits for ever.</summary>
public sealed class ResourcePool
{
    private const double BytesPerGigabyte = 1e9;

    private readonly Lock _lock = new();
    // Made by the first who waits: its code would have to be compiled at each start.
    private PriorityQueue<Waiter, (long Importance, long Turn)>? _waiting;
    private readonly int _cores;
    private readonly long _bytes;
    private int _freeCores;
    private long _freeBytes;
    private long _turns;

    /// <param name="memoryBytes">What all work together may fill.</param>
    public ResourcePool(int cores, long memoryBytes) =>
        (_cores, _bytes, _freeCores, _freeBytes) = (cores, memoryBytes, cores, memoryBytes);

    private sealed record Waiter(int Cores, long Bytes)
    {
        public TaskCompletionSource Served { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public static ResourcePool OfThisMachine() =>
        new(Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Waits until what a stage needs is free and takes it; disposing gives it back.</summary>
    /// <param name="importance">How much work in all waits for this. Asked only if this has to wait.</param>
    /// <exception cref="StageFailedException">This machine has less memory than the stage needs.</exception>
    public async Task<IDisposable> Take(StageLimits limits, Func<TimeSpan> importance, CancellationToken cancel)
    {
        var waiter = new Waiter(Math.Min(limits.Cores, _cores), (long)(limits.MemoryGigabytes * BytesPerGigabyte));
        if (waiter.Bytes > _bytes)
            throw new StageFailedException(string.Create(CultureInfo.InvariantCulture,
                $"it needs {limits.MemoryGigabytes:0.#} GB of memory, and this machine has " +
                $"{_bytes / BytesPerGigabyte:0.#} GB. Declare less with NeedsMemory, or run it on a larger machine."));
        lock (_lock)
        {
            if (_waiting is not { Count: > 0 } && TryLend(waiter))
                return new Loan(this, waiter);
        }
        // It may read records, so nobody is held up by it.
        var ticks = importance().Ticks;
        lock (_lock)
        {
            (_waiting ??= new()).Enqueue(waiter, (-ticks, _turns++));
            Serve();
        }
        using var registration = cancel.Register(() => CallOff(waiter, cancel));
        await waiter.Served.Task;
        return new Loan(this, waiter);
    }

    private bool TryLend(Waiter waiter)
    {
        if (waiter.Cores > _freeCores || waiter.Bytes > _freeBytes)
            return false;
        _freeCores -= waiter.Cores;
        _freeBytes -= waiter.Bytes;
        return true;
    }

    private void Serve()
    {
        if (_waiting is null)
            return;
        while (_waiting.TryPeek(out var next, out _) && (next.Served.Task.IsCompleted || TryLend(next)))
        {
            _waiting.Dequeue();
            next.Served.TrySetResult();
        }
    }

    // It stays in the queue until it would be its turn, unless it is what holds up the others.
    private void CallOff(Waiter waiter, CancellationToken cancel)
    {
        lock (_lock)
        {
            waiter.Served.TrySetCanceled(cancel);
            Serve();
        }
    }

    private void GiveBack(Waiter waiter)
    {
        lock (_lock)
        {
            _freeCores += waiter.Cores;
            _freeBytes += waiter.Bytes;
            Serve();
        }
    }

    private sealed class Loan(ResourcePool pool, Waiter waiter) : IDisposable
    {
        public void Dispose() => pool.GiveBack(waiter);
    }
}
