namespace MLBuild.Stages.Tests.Rollouts;

/// <summary>A clock on which time goes by only while somebody waits by it, or when it is told to, however busy the
/// machine is.</summary>
internal sealed class WaitingClock : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _now = System.GetUtcNow();

    /// <summary>How much of its time goes by while somebody waits for a second; default 1 s.</summary>
    public double Speed { get; set; } = 1;

    /// <summary>Whether nobody really waits; default false.</summary>
    public bool WaitsAreOverAtOnce { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public void Pass(TimeSpan time)
    {
        lock (_lock)
            _now += time;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Pass(dueTime * Speed);
        return base.CreateTimer(callback, state, WaitsAreOverAtOnce ? TimeSpan.Zero : dueTime, period);
    }
}
