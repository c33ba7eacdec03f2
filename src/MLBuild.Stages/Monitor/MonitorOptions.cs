using MLBuild.Learning.Drift;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Ingest;

namespace MLBuild.Stages.Monitor;

/// <summary>When something is found in a window, which windows are looked at, and where what was found is
/// kept.</summary>
public sealed record MonitorOptions
{
    /// <summary>How far back windows are judged, from <see cref="AsOf"/> or else from the end of the newest one: the
    /// window that it begins in is still judged. Null, the default, judges all.</summary>
    public TimeSpan? Since { get; init; }

    /// <summary>Up to when rows were to come: windows without any before it are named. Null, the default, means the end
    /// of the newest window.</summary>
    public DateTime? AsOf { get; init; }

    /// <summary>The part of a window's lines that may be unreadable. 0 to 1, default 0.01.</summary>
    public double MaxQuarantined { get; init; } = 0.01;

    public DriftOptions Drift { get; init; } = new();

    public PerformanceOptions Performance { get; init; } = new();

    /// <summary>The folder in which the verdict of each window is kept, a file each: that of the same window, judged
    /// again, takes its place.</summary>
    public required string History { get; init; }

    /// <exception cref="ArgumentException">A member is out of its range.</exception>
    public void Validate()
    {
        QuarantineLimit.Validate(MaxQuarantined);
        Drift.Validate();
        Performance.Validate();
        if (string.IsNullOrWhiteSpace(History))
            throw new ArgumentException("History is empty, expected the folder in which verdicts are kept.");
    }
}
