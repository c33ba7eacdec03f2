using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>An evaluation for the person who watches.</summary>
internal static class EvaluateText
{
    public static IEnumerable<string> Lines(EvaluateReport report)
    {
        var metrics = report.Overall.Metrics;
        yield return $"{Named("RMSE", metrics.Rmse, report.Unit)}, {Named("MAE", metrics.Mae, report.Unit)}, "
            + $"{Named("R2", metrics.R2)}, "
            + $"{Named("within 10 %", metrics.ShareWithinTenPercent)} on "
            + $"{FormattableString.Invariant($"{metrics.Count:N0}")} held-out rows";
        if (report.Baseline is { } baseline)
            yield return $"{Named("RMSE", baseline.Metrics.Rmse, report.Unit)} if every row is predicted as the mean "
                + "of the training labels";
        if (report.PairsNotMeasured.Count > 0)
            yield return $"pairs of subgroups were not measured, for there are more than {GroupScores.MostPairs}: "
                + string.Join(", ", report.PairsNotMeasured);
        if (report.Subgroups is { } subgroups)
            yield return Of(subgroups);
        yield return report.Comparison;
        if (report.BestEver is { Served: > 1 } or { Served: 1, Metrics: null })
            yield return report.BestEver.Comparison;
        if (report.Gate.Passed)
        {
            yield return $"Gate passed: {report.Gate.Results.Count} checks.";
            yield break;
        }
        foreach (var line in GateReportText.Render(report.Gate).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            yield return line;
    }

    private static string Of(SubgroupFindings subgroups) => subgroups switch
    {
        SubgroupFindings.Tested { Worst: [var worst, ..], Searched: var searched, Weak: > 0 } =>
            FormattableString.Invariant($"weakest of {searched:N0} undeclared subgroups: {worst.Subgroup}, ")
            + FormattableString.Invariant($"RMSE {Math.Sqrt(worst.Error):0.000} ({worst.Rows:N0} rows) against ")
            + FormattableString.Invariant($"{Math.Sqrt(worst.ErrorElsewhere):0.000} elsewhere"),
        SubgroupFindings.Tested { Searched: > 0 and var searched } => FormattableString.Invariant(
            $"undeclared subgroups searched: {searched:N0}, none of them certainly weaker than the rest"),
        SubgroupFindings.Tested { MinRows: var rows } => FormattableString.Invariant(
            $"undeclared subgroups were not searched: none has {rows:N0} rows inside and elsewhere"),
        SubgroupFindings.Missing { Reason: var reason } => $"undeclared subgroups were not searched: {reason}",
        _ => throw new InvalidOperationException($"BUG: unknown findings {subgroups}."),
    };

    private static string Named(string name, MetricValue value, string unit = "") =>
        value is MetricValue.Value { Number: var number }
            ? FormattableString.Invariant($"{name} {number:0.000}{(unit == "" ? "" : $" {unit}")}")
            : $"{name} {value}";
}
