using MLBuild.Learning.Monitoring;

namespace MLBuild.Stages.Monitor;

/// <summary>What monitoring found, newest window last.</summary>
/// <param name="Version">The version that serves.</param>
/// <param name="Verdict">Of the newest window: what is to be acted on.</param>
/// <param name="Windows">Those judged now.</param>
/// <param name="Earlier">Those judged before, which are kept and not judged again.</param>
public sealed record MonitorReport(
    int Version, WindowVerdict Verdict, IReadOnlyList<WindowReport> Windows, IReadOnlyList<EarlierWindow> Earlier);

/// <summary>What was said of a window before.</summary>
public sealed record EarlierWindow(string Window, int Version, WindowVerdict Verdict, IReadOnlyList<string> Findings);
