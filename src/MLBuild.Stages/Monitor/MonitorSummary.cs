using MLBuild.Engine.Inspection;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Monitor;

/// <summary>What monitoring found in the summary of a run, and its verdict for the steps that act on it.</summary>
public sealed class MonitorSummary : IArtifactSummary
{
    /// <summary>What later steps get: the verdict on the newest window, as <see cref="Word"/>.</summary>
    public const string VerdictOutput = "verdict";

    private const int MostFindings = 3;

    public bool Summarizes(string output) => output == MonitorStage.Report;

    public IEnumerable<string> Markdown(string path)
    {
        var report = ReportFile.Read<MonitorReport>(path);
        return
        [
            $"### Version {report.Version}: {MonitorText.Word(report.Verdict)}",
            "",
            "| window | verdict | rows | findings |",
            "|---|---|--:|---|",
            .. report.Windows.Select(window => $"| {MarkdownText.Inline(window.Window.Name)} "
                + $"| {MonitorText.Word(window.Verdict)} | {window.Rows} "
                + $"| {string.Join("<br/>", Findings(window).Select(MarkdownText.Inline))} |"),
        ];
    }

    public IReadOnlyDictionary<string, string> StepOutputs(string path) => new Dictionary<string, string>
    {
        [VerdictOutput] = Word(ReportFile.Read<MonitorReport>(path).Verdict),
    };

    /// <summary>A verdict as one word: <c>bad-data</c>.</summary>
    public static string Word(WindowVerdict verdict) => MonitorText.Word(verdict).Replace(' ', '-');

    private static IEnumerable<string> Findings(WindowReport window) =>
    [
        .. window.Findings.Take(MostFindings),
        .. window.Findings.Count > MostFindings ? [$"and {window.Findings.Count - MostFindings} more"] : (string[])[],
    ];
}
