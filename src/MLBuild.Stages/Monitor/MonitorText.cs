using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Evaluate;

namespace MLBuild.Stages.Monitor;

/// <summary>What monitoring found, for the log.</summary>
internal static class MonitorText
{
    private const int MostFindings = 6;

    public static IEnumerable<string> Lines(MonitorReport report) =>
    [
        .. report.Windows.SelectMany(Lines),
        report.Verdict switch
        {
            WindowVerdict.Fine => $"fine: the rows look like those that version {report.Version} was trained on",
            WindowVerdict.Drift => Drift(report),
            WindowVerdict.Degraded => $"degraded: version {report.Version} predicts worse than it did when it was "
                + "evaluated; train on recent data and let the gate compare",
            WindowVerdict.BadData => "bad data: mend it first; do not learn from it",
            WindowVerdict.NotEnoughData => "not enough data to say",
            _ => throw new InvalidOperationException($"BUG: unknown verdict {report.Verdict}."),
        },
    ];

    /// <summary>A verdict in words.</summary>
    public static string Word(WindowVerdict verdict) => verdict switch
    {
        WindowVerdict.Fine => "fine",
        WindowVerdict.Drift => "drift",
        WindowVerdict.Degraded => "degraded",
        WindowVerdict.BadData => "bad data",
        WindowVerdict.NotEnoughData => "not enough data",
        _ => throw new InvalidOperationException($"BUG: unknown verdict {verdict}."),
    };

    // A version that was trained anew on old and recent rows may still see drift: these are compared with all of those.
    private static string Drift(MonitorReport report)
    {
        var window = report.Windows[^1].Window;
        var times = report.LearnedTimes switch
        {
            null => "",
            var one when one.First.Date == one.Last.Date => FormattableString.Invariant($" of {one.First:yyyy-MM-dd}"),
            var some => FormattableString.Invariant($" of {some.First:yyyy-MM-dd} to {some.Last:yyyy-MM-dd}"),
        };
        var isKnown = report.LearnedTimes is { } span && window is { From: { } from, To: { } to }
            && from <= span.Last && to > span.First;
        return $"drift: the rows of {window.Name} differ from the {Figures.Count(report.LearnedRows, "row")}{times} "
            + $"that version {report.Version} learned from, taken together; "
            + (isKnown
                ? "those are of this time too: train on recent rows alone, or on more of them, "
                : "train on recent data ")
            + "and let the gate compare";
    }

    // A measured error and an estimated one are not called the same.
    private static string Error(PerformanceReport performance) =>
        (performance.Measured.Mean, performance.Estimated.Mean) switch
        {
            (MetricValue.Value { Number: var measured }, _) =>
                $", {performance.Error} {EvaluateCharts.Short(measured)}",
            (_, MetricValue.Value { Number: var estimated }) =>
                $", {performance.Error} estimated as {EvaluateCharts.Short(estimated)}",
            _ => "",
        };

    private static IEnumerable<string> Lines(WindowReport window)
    {
        var words = window.Raised.Count == 0
            ? Word(window.Verdict)
            : string.Join(", ", window.Raised.Reverse().Select(Word));
        return
        [
            $"{window.Window.Name}: {words}; {Figures.Count(window.Rows, "row")}{Error(window.Performance)}",
            .. window.Findings.Take(MostFindings).Select(finding => $"  {finding}"),
            .. window.Findings.Count > MostFindings
                ? [
                    $"  and {Figures.Count(window.Findings.Count - MostFindings, "more finding")}, "
                    + $"in {MonitorStage.Page}",
                ]
                : (string[])[],
        ];
    }
}
