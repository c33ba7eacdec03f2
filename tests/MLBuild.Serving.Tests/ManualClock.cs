namespace MLBuild.Serving.Tests;

/// <summary>A clock that goes when it is told to, and its timers with it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = new(2026, 11, 20, 8, 30, 15, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            var timer = new Timer(this, () => callback(state), _now + dueTime, period);
            _timers.Add(timer);
            return timer;
        }
    }

    public void Advance(TimeSpan by)
    {
        Timer[] due;
        lock (_lock)
        {
            _now += by;
            due = [.. _timers.Where(timer => timer.TryPass(_now))];
        }
        foreach (var timer in due)
            timer.Ring();
    }

    private sealed class Timer(ManualClock clock, Action ring, DateTimeOffset due, TimeSpan period) : ITimer
    {
        private DateTimeOffset _due = due;

        public bool TryPass(DateTimeOffset now)
        {
            var passed = _due <= now;
            if (passed)
                _due = period == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : now + period;
            return passed;
        }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period) =>
            throw new NotSupportedException("BUG: no timer of the server is changed.");

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
