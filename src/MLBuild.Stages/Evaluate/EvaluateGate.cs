using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>The gate of a regression: thresholds over all rows, and no worse than the champion, over all rows and in
/// each large subgroup.</summary>
internal static class EvaluateGate
{
    private const string Rmse = "RMSE";
    private const string R2 = "R2";
    private const string Within = "share within 10 %";
    private const string SquaredError = "mean squared error";

    public static GateReport Judge(
        SliceReport overall, IReadOnlyList<(Slice Slice, SliceReport Report)> slices, bool isCompared,
        EvaluateOptions options)
    {
        var judged = slices.Where(slice => slice.Report.Metrics.Count >= options.MinSliceRows).ToArray();
        var gate = new Gate(NoChampion.PassesOnThresholds,
        [
            new MinimumRows(Slice.Overall, options.MinRows),
            new Threshold(Rmse, Slice.Overall, max: options.MaxRmse),
            new Threshold(R2, Slice.Overall, min: options.MinR2),
            new Threshold(Within, Slice.Overall, min: options.MinShareWithinTenPercent),
            new NonInferiority(SquaredError, Slice.Overall, Margin.Relative(options.Margin)),
            .. judged.Select(slice =>
                new NonInferiority(SquaredError, slice.Slice, Margin.Relative(options.SliceMargin))),
            new GainCap(Rmse, Slice.Overall, options.MaxGain),
        ]);
        return gate.Judge(new(
            isCompared ? ChampionState.Serving : ChampionState.None,
            [Evidence(Slice.Overall, overall), .. judged.Select(slice => Evidence(slice.Slice, slice.Report))]));
    }

    private static SliceEvidence Evidence(Slice slice, SliceReport report) => new(slice, report.Metrics.Count,
    [
        new(Rmse, report.Metrics.Rmse, OrMissing(report.ChampionMetrics?.Rmse),
            PairedDifference.Missing("RMSE is no mean over rows")),
        new(R2, report.Metrics.R2),
        new(Within, report.Metrics.ShareWithinTenPercent),
        new(SquaredError, Squared(report.Metrics.Rmse), Squared(report.ChampionMetrics?.Rmse),
            Difference(report.Difference)),
    ]);

    private static PairedDifference Difference(PairedComparison? comparison) => comparison is null
        ? PairedDifference.Missing("nothing was compared")
        : new(comparison.Count, comparison.MeanDifference, comparison.StandardError);

    private static MetricValue Squared(MetricValue? rmse) =>
        rmse is MetricValue.Value { Number: var number } ? MetricValue.Of(number * number) : OrMissing(rmse);

    private static MetricValue OrMissing(MetricValue? value) =>
        value ?? new MetricValue.Missing("the champion was not scored");
}
