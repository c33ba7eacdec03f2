namespace MLBuild.Sources.Tests.Http;

/// <summary>A clock on which every wait is over at once and noted, but for the time that a server may be silent, which
/// is over when a test says so.</summary>
/// <param name="silence">No other wait may be as long.</param>
internal sealed class TestClock(TimeSpan silence) : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _waits = [];
    private readonly List<Timer> _silences = [];
    private DateTimeOffset _now = Start;

    /// <summary>In the order in which they began.</summary>
    public TimeSpan[] Waits
    {
        get
        {
            lock (_lock)
                return [.. _waits];
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(() => callback(state));
        lock (_lock)
        {
            if (dueTime == silence)
            {
                _silences.Add(timer);
                return timer;
            }
            _waits.Add(dueTime);
            _now += dueTime;
        }
        ThreadPool.QueueUserWorkItem(_ => timer.Fire());
        return timer;
    }

    /// <summary>Every server that is waited for has been silent too long.</summary>
    public void Expire()
    {
        Timer[] silences;
        lock (_lock)
            silences = [.. _silences];
        foreach (var timer in silences)
            timer.Fire();
    }

    private sealed class Timer(Action fire) : ITimer
    {
        private volatile bool _isDisposed;

        public void Fire()
        {
            if (!_isDisposed)
                fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _isDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
