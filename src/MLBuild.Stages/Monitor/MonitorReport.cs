using MLBuild.Learning.Monitoring;

namespace MLBuild.Stages.Monitor;

/// <summary>What monitoring found.</summary>
/// <param name="Version">The version that serves.</param>
/// <param name="Verdict">Of the window that decides: what is to be acted on.</param>
/// <param name="Windows">Those judged now in their order, but the one that decides last: the newest, or a file without
/// a readable row, whose time nobody knows.</param>
/// <param name="Earlier">Those judged before, which are kept and not judged again.</param>
public sealed record MonitorReport(
    int Version, WindowVerdict Verdict, IReadOnlyList<WindowReport> Windows, IReadOnlyList<EarlierWindow> Earlier)
{
    /// <summary>How many rows the version learned from; 0 in reports from before this was said.</summary>
    public long LearnedRows { get; init; }

    /// <summary>From when to when those are; null where that is not known.</summary>
    public LearnedTimes? LearnedTimes { get; init; }
}

/// <summary>What was said of a window before.</summary>
public sealed record EarlierWindow(string Window, int Version, WindowVerdict Verdict, IReadOnlyList<string> Findings);
