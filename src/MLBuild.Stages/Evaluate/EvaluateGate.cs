using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>The gate of a regression: thresholds over all rows, and no worse than the champion, over all rows and in each large
/// subgroup.</summary>
internal static class EvaluateGate
{
    private const string Rmse = "RMSE";
    private const string R2 = "R2";
    private const string Within = "share within 10 %";
    private const string SquaredError = "mean squared error";

    public static GateReport Judge(
        SliceReport overall, IReadOnlyList<(Slice Slice, SliceReport Report)> slices, bool isCompared, EvaluateOptions options)
    {
        var judged = slices.Where(slice => slice.Report.Metrics.Count >= options.MinSliceRows).ToArray();
        var gate = new Gate(NoChampion.PassesOnThresholds,
        [
            new MinimumRows(Slice.Overall, options.MinRows),
            new Threshold(Rmse, Slice.Overall, max: options.MaxRmse),
            new Threshold(R2, Slice.Overall, min: options.MinR2),
            new Threshold(Within, Slice.Overall, min: options.MinShareWithinTenPercent),
            new NonInferiority(SquaredError, Slice.Overall, Margin.Relative(options.Margin)),
            .. judged.Select(slice => new NonInferiority(SquaredError, slice.Slice, Margin.Relative(options.SliceMargin))),
            new GainCap(Rmse, Slice.Overall, options.MaxGain),
        ]);
        return gate.Judge(new(
            isCompared ? ChampionState.Serving : ChampionState.None,
            [Evidence(Slice.Overall, overall), .. judged.Select(slice => Evidence(slice.Slice, slice.Report))]));
    }

    private static SliceEvidence Evidence(Slice slice, SliceReport report) => new(slice, report.Metrics.Count,
    [
        new(Rmse, Measure(report.Metrics.Rmse), Measure(report.ChampionMetrics?.Rmse), PairedDifference.Missing("RMSE is no mean over rows")),
        new(R2, Measure(report.Metrics.R2)),
        new(Within, Measure(report.Metrics.ShareWithinTenPercent)),
        new(SquaredError, Squared(report.Metrics.Rmse), Squared(report.ChampionMetrics?.Rmse), Difference(report.Difference)),
    ]);

    private static PairedDifference Difference(PairedComparison? comparison) => comparison is null
        ? PairedDifference.Missing("nothing was compared")
        : new(comparison.Count, Measure(comparison.MeanDifference), Measure(comparison.StandardError));

    private static Measured Squared(MetricValue? rmse) => rmse is MetricValue.Value value ? Measured.Value(value.Number * value.Number) : Measure(rmse);

    private static Measured Measure(MetricValue? value) => value switch
    {
        MetricValue.Value number => Measured.Value(number.Number),
        MetricValue.Missing missing => Measured.Missing(missing.Reason),
        _ => Measured.Missing("the champion was not scored"),
    };
}
