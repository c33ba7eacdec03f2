using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Learning.Gates;
using MLBuild.Stages.Evaluate;

namespace MLBuild.Stages.Views;

/// <summary>What differs between two evaluations, by metric over all rows, and what their gates said.</summary>
/// <param name="Fields">All fields that differ.</param>
internal sealed record MetricChanges(
    string GateBefore, string GateAfter, long RowsBefore, long RowsAfter, IReadOnlyList<MetricChanges.Metric> Metrics,
    IReadOnlyList<FieldChanges.Field> Fields)
{
    /// <param name="Before">Null where it could not be measured.</param>
    /// <param name="After">Null where it could not be measured.</param>
    public sealed record Metric(string Name, double? Before, double? After)
    {
        public double? Difference => After - Before;
    }

    public static MetricChanges Between(EvaluateReport before, EvaluateReport after, FieldChanges fields) => new(
        Said(before.Gate.Overall), Said(after.Gate.Overall),
        before.Overall.Metrics.Count, after.Overall.Metrics.Count,
        [.. before.Overall.Metrics.All.Concat(after.Overall.Metrics.All).Select(metric => metric.Name).Distinct()
            .Select(name => new Metric(name, Value(before, name), Value(after, name)))],
        fields.Fields);

    public IEnumerable<string> Lines(Page page) =>
    [
        GateBefore == GateAfter ? $"gate: {GateAfter}, as before" : $"gate: {GateBefore} -> {GateAfter}",
        string.Create(CultureInfo.InvariantCulture, $"rows: {RowsBefore:N0} -> {RowsAfter:N0}"),
        .. PageTable.Lines(page,
            [new("metric"), new("before", IsNumber: true), new("after", IsNumber: true),
                new("difference", IsNumber: true)],
            Metrics.Select(metric => (PageCell[])
            [
                metric.Name, Text(metric.Before), Text(metric.After),
                metric.Difference?.ToString("+0.####;-0.####;0", CultureInfo.InvariantCulture) ?? "-",
            ]), indent: 2),
        $"{Wording.Count(Fields.Count, "field")} of the report differ{(Fields.Count == 1 ? "s" : "")}; " +
            "--file NAME.json has all of it",
    ];

    private static double? Value(EvaluateReport report, string name) =>
        MetricText.Number(report.Overall.Metrics.All.FirstOrDefault(metric => metric.Name == name)?.Value);

    private static string Said(Outcome outcome) => outcome switch
    {
        Outcome.Pass => "passed",
        Outcome.Fail => "failed",
        Outcome.Inconclusive => "inconclusive",
        _ => throw new InvalidOperationException($"BUG: unknown outcome {outcome}."),
    };

    private static string Text(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-";
}
