namespace MLBuild.Engine.Tests.Commands;

/// <summary>The system's clock, on which one time limit passes when the test says so: however slow the machine is, not
/// before, and at once then.</summary>
internal sealed class LimitClock(TimeSpan limit) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ITimer> _held = [];

    /// <summary>Ends every wait for the limit.</summary>
    public void Pass()
    {
        lock (_lock)
            _held.ForEach(timer => timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Held(this, base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Held(LimitClock clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != clock.Limit)
                return timer.Change(dueTime, period);
            lock (clock._lock)
                clock._held.Add(timer);
            return true;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }

    private TimeSpan Limit => limit;
}
