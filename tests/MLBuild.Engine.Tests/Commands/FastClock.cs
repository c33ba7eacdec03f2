namespace MLBuild.Engine.Tests.Commands;

/// <summary>The system's clock, on which what a program is granted passes a hundred times faster.</summary>
internal sealed class FastClock : TimeProvider
{
    private const int Times = 100;

    public override long GetTimestamp() => System.GetTimestamp() * Times;
}
