namespace MLBuild.Engine.Tests.Spaces;

/// <summary>A clock that stands until it is moved. It starts in the past, where every file on the disk is too fresh for
/// the hash cache to trust: what a test writes in the same instant is seen.</summary>
public sealed class TestClock : TimeProvider
{
    private DateTimeOffset _now = new(2019, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan span) => _now += span;
}
