using System.Globalization;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Running;

/// <summary>Cores and memory of this machine, lent to work that runs. Who waits is served in the order of
/// importance, and nobody is served before one who is more important: so none waits for ever.</summary>
public sealed class ResourcePool
{
    private const double BytesPerGigabyte = 1e9;

    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiting = [];
    private readonly int _cores;
    private readonly long _bytes;
    private int _freeCores;
    private long _freeBytes;

    /// <param name="memoryBytes">What all work together may fill.</param>
    public ResourcePool(int cores, long memoryBytes) =>
        (_cores, _bytes, _freeCores, _freeBytes) = (cores, memoryBytes, cores, memoryBytes);

    private sealed record Waiter(int Cores, long Bytes, Func<TimeSpan> Importance, TaskCompletionSource Served);

    public static ResourcePool OfThisMachine() =>
        new(Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Waits until what a stage needs is free and takes it; disposing gives it back.</summary>
    /// <param name="importance">How much work in all waits for this. Asked only if somebody else waits too.</param>
    /// <exception cref="StageFailedException">This machine has less memory than the stage needs.</exception>
    public async Task<IDisposable> Take(StageLimits limits, Func<TimeSpan> importance, CancellationToken cancel)
    {
        var needed = (Cores: Math.Min(limits.Cores, _cores), Bytes: (long)(limits.MemoryGigabytes * BytesPerGigabyte));
        if (needed.Bytes > _bytes)
            throw new StageFailedException(string.Create(CultureInfo.InvariantCulture,
                $"it needs {limits.MemoryGigabytes:0.#} GB of memory, and this machine has " +
                $"{_bytes / BytesPerGigabyte:0.#} GB. Declare less with NeedsMemory, or run it on a larger machine."));
        var waiter = new Waiter(needed.Cores, needed.Bytes, importance,
            new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _waiting.Add(waiter);
            Serve();
        }
        await using var registration = cancel.Register(() =>
        {
            lock (_lock)
            {
                if (_waiting.Remove(waiter))
                    waiter.Served.TrySetCanceled(cancel);
                Serve();
            }
        });
        await waiter.Served.Task;
        return new Loan(this, waiter);
    }

    private void Serve()
    {
        while (_waiting.Count > 0)
        {
            var next = _waiting.Count == 1 ? _waiting[0] : _waiting.MaxBy(waiter => waiter.Importance())!;
            if (next.Cores > _freeCores || next.Bytes > _freeBytes)
                return;
            _waiting.Remove(next);
            _freeCores -= next.Cores;
            _freeBytes -= next.Bytes;
            next.Served.SetResult();
        }
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
