using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>An evaluation for the person who watches.</summary>
internal static class EvaluateText
{
    public static IEnumerable<string> Lines(EvaluateReport report)
    {
        var metrics = report.Overall.Metrics;
        yield return $"{string.Join(", ", metrics.Summary.Select(metric => Named(metric, report.Unit)))} on "
            + FormattableString.Invariant($"{metrics.Count:N0} held-out rows");
        if (report.Baseline is { } baseline)
            yield return $"{Named(baseline.Metrics.Headline, report.Unit)} if every row is predicted as "
                + baseline.Prediction;
        if (report.PairsNotMeasured.Count > 0)
            yield return $"pairs of subgroups were not measured, for there are more than {GroupScores.MostPairs}: "
                + string.Join(", ", report.PairsNotMeasured);
        if (report.Subgroups is { } subgroups)
            yield return Of(subgroups, RowLoss.Of(report.Task));
        yield return report.Comparison;
        if (report.Overall.Accuracy is { } accuracy)
            yield return Of(accuracy, report.Champion);
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

    /// <summary>"right where v1 is wrong on 31 rows, wrong where it is right on 12 (McNemar's p 0.0055)".</summary>
    public static string Of(PairedAccuracy accuracy, string champion) => accuracy switch
    {
        {
            OnlyChallengerRight: MetricValue.Value { Number: var right },
            OnlyChampionRight: MetricValue.Value { Number: var wrong },
            PValue: MetricValue.Value { Number: var p },
        } => FormattableString.Invariant($"right where {champion} is wrong on {right:N0} rows, wrong where it is ")
            + FormattableString.Invariant($"right on {wrong:N0} (McNemar's exact p {EvaluateCharts.Short(p)})"),
        _ => $"how often {champion} is right beside it: {accuracy.Difference}",
    };

    private static string Of(SubgroupFindings subgroups, RowLoss loss) => subgroups switch
    {
        SubgroupFindings.Tested { Worst: [var worst, ..], Searched: var searched, Weak: > 0 } =>
            FormattableString.Invariant($"weakest of {searched:N0} undeclared subgroups: {worst.Subgroup}, ")
            + FormattableString.Invariant($"{loss.ShownName} {loss.Shown(worst.Error):0.000} ({worst.Rows:N0} rows) ")
            + FormattableString.Invariant($"against {loss.Shown(worst.ErrorElsewhere):0.000} elsewhere"),
        SubgroupFindings.Tested { Searched: > 0 and var searched } => FormattableString.Invariant(
            $"undeclared subgroups searched: {searched:N0}, none of them certainly weaker than the rest"),
        SubgroupFindings.Tested { MinRows: var rows } => FormattableString.Invariant(
            $"undeclared subgroups were not searched: none has {rows:N0} rows inside and elsewhere"),
        SubgroupFindings.Missing { Reason: var reason } => $"undeclared subgroups were not searched: {reason}",
        _ => throw new InvalidOperationException($"BUG: unknown findings {subgroups}."),
    };

    private static string Named(NamedMetric metric, string unit) => metric.Value is MetricValue.Value { Number: var n }
        ? FormattableString.Invariant($"{metric.Name} {n:0.000}{Unit(metric, unit)}")
        : $"{metric.Name} {metric.Value}";

    // A share is a share without a word.
    private static string Unit(NamedMetric metric, string unit) => metric.Unit switch
    {
        MetricUnit.Label when unit != "" => $" {unit}",
        MetricUnit.Nats => " nats",
        _ => "",
    };
}
