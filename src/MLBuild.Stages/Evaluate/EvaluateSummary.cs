using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Registry;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Evaluate;

/// <summary>An evaluation in the summary of a run: the metrics of the model beside those of the newest version, which
/// the main branch made last, and of the one that serves.</summary>
/// <param name="modelName">Of the versions in the registry.</param>
public sealed class EvaluateSummary(IModelRegistry registry, string modelName) : IArtifactSummary
{
    public bool Summarizes(string output) => output == EvaluateStage.Report;

    public IEnumerable<string> Markdown(string path) =>
        Lines(ReportFile.Read<EvaluateReport>(path), modelName, registry.Versions(modelName).LastOrDefault());

    /// <summary>What <see cref="Markdown"/> says of a report.</summary>
    /// <param name="newest">The version with the highest number; null where there is none.</param>
    public static IEnumerable<string> Lines(EvaluateReport report, string modelName, ModelVersion? newest)
    {
        var isNewest = newest?.ModelHash.Hex == report.Model;
        var compared = isNewest ? null : newest;
        var served = report.Overall.ChampionMetrics;
        var rows = Number(report.Overall.Metrics.Count);
        return
        [
            $"### {MarkdownText.Inline(modelName)}: its gate {Word(report.Gate.Overall)}",
            "",
            .. report.Gate.Results.Where(result => result.Outcome is not Outcome.Pass)
                .Select(result => $"- {MarkdownText.Inline(result.Sentence)}"),
            .. report.Gate.Passed ? (string[])[] : [""],
            (newest, isNewest) switch
            {
                (null, _) => $"Measured on {rows} held-out rows. No version is registered yet.",
                (_, true) => $"Measured on {rows} held-out rows. Bit for bit the model of version {newest.Number}, "
                    + "the newest.",
                _ => $"Measured on {rows} held-out rows. Version {newest.Number}, the newest, was measured on those "
                    + "of its own evaluation.",
            } + (served is null
                ? " "
                : $" {MarkdownText.Inline(report.Champion)} serves in {MarkdownText.Inline(report.Environment)}. ")
                + MarkdownText.Inline(report.Comparison),
            "",
            $"| metric | this model |{Head(compared is null ? null : $"v{compared.Number}, newest")}"
                + Head(served is null ? null : $"{report.Champion}, serves"),
            $"|---|--:|{(compared is null ? "" : "--:|--:|")}{(served is null ? "" : "--:|--:|")}",
            .. report.Overall.Metrics.Summary.Select(metric =>
                $"| {MarkdownText.Inline(MetricText.Name(metric, report.Unit))} | {MetricText.Value(metric)} |"
                + (compared is null ? "" : Cells(metric, Registered(compared, metric.Id)))
                + (served is null ? "" : Cells(metric, Measured(served, metric.Id)))),
        ];
    }

    private static string Head(string? what) => what is null ? "" : $" {MarkdownText.Inline(what)} | change |";

    private static string Word(Outcome gate) => gate switch
    {
        Outcome.Pass => "passed",
        Outcome.Inconclusive => "is inconclusive",
        _ => "failed",
    };

    private static double? Registered(ModelVersion version, string id) =>
        version.Evidence.Metrics.TryGetValue(id, out var value) ? value : null;

    private static double? Measured(ModelMetrics metrics, string id) =>
        MetricText.Number(metrics.All.FirstOrDefault(metric => metric.Id == id)?.Value);

    // The other's value, and by how much this one's is better or worse.
    private static string Cells(NamedMetric metric, double? other)
    {
        if (other is not { } before)
            return " – | – |";
        var shown = MetricText.Value(metric with { Value = MetricValue.Of(before) });
        if (MetricText.Number(metric.Value) is not { } now)
            return $" {shown} | – |";
        var change = now - before;
        var judged = (metric.Direction, Math.Sign(change)) switch
        {
            (null, _) or (_, 0) => "",
            (Direction.LowerIsBetter, < 0) or (Direction.HigherIsBetter, > 0) => " better",
            _ => " worse",
        };
        var size = MetricText.Value(metric with { Value = MetricValue.Of(Math.Abs(change)) });
        return $" {shown} | {(change == 0 ? "same" : $"{(change < 0 ? "−" : "+")}{size}{judged}")} |";
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
