namespace MLBuild.Registry.Tests;

/// <summary>A clock that shows what it was set to.</summary>
internal sealed class SettableClock : TimeProvider
{
    public static DateTimeOffset Start { get; } = new(2026, 11, 20, 8, 30, 15, TimeSpan.Zero);

    public DateTimeOffset Now { get; set; } = Start;

    public override DateTimeOffset GetUtcNow() => Now;
}
