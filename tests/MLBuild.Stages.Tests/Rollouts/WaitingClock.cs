namespace MLBuild.Stages.Tests.Rollouts;

/// <summary>A clock on which time goes by only while somebody waits by it, however busy the machine is.</summary>
internal sealed class WaitingClock : TimeProvider
{
    private DateTimeOffset _now = System.GetUtcNow();

    /// <summary>How much of its time goes by while somebody waits for a second; default 1 s.</summary>
    public double Speed { get; set; } = 1;

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _now += dueTime * Speed;
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
