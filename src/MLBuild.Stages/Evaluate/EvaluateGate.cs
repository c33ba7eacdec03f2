using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>The gate of a regression: on rows that it was not trained on it must keep thresholds, be better than a
/// constant, and no worse than the champion, over all rows, in each large subgroup and each large pair of them, and no
/// worse than the best version that ever served.</summary>
internal static class EvaluateGate
{
    private const string Rmse = "RMSE";
    private const string R2 = "R2";
    private const string Within = "share within 10 %";
    private const string SquaredErrors = "mean squared error";

    /// <summary>The search for weak subgroups, whether or not the gate judges by it.</summary>
    public static SubgroupFindings Subgroups(Measurements measured, EvaluateOptions options) =>
        SubgroupFindings.Of(measured.Subgroups, 1 + (options.MaxSubgroupExcess ?? 0), options.MinSubgroupRows);

    public static GateReport Judge(Measurements measured, EvaluateOptions options)
    {
        MeasuredSlice[] judged =
        [
            .. measured.Slices.Where(slice => slice.Report.Metrics.Count >= options.MinSliceRows),
            .. measured.Pairs.Where(pair => pair.Report.Metrics.Count >= options.MinPairRows),
        ];
        var gate = new Gate(NoChampion.PassesOnThresholds,
        [
            new UnseenHoldOut(),
            new MinimumRows(Slice.Overall, options.MinRows),
            .. Thresholds(options),
            new TrivialBaseline(SquaredErrors, Slice.Overall, options.MinGainOverBaseline),
            new NonInferiority(SquaredErrors, Slice.Overall, Margin.Relative(options.Margin)),
            new NonInferiority(
                SquaredErrors, Slice.Overall, Margin.Relative(options.BestEverMargin), rival: Rival.BestEver),
            .. judged.Select(slice =>
                new NonInferiority(SquaredErrors, slice.Slice, Margin.Relative(options.SliceMargin))),
            new GainCap(Rmse, Slice.Overall, options.MaxGain),
            .. options.MaxSubgroupExcess is { } excess
                ? [new NoWeakSubgroup(SquaredErrors, excess, options.MinSubgroupRows)]
                : Array.Empty<GateRule>(),
        ]);
        return gate.Judge(new(
            measured.Champion,
            [
                Evidence(Slice.Overall, measured.Overall, measured.Baseline, measured.BestEver),
                .. judged.Select(slice => Evidence(slice.Slice, slice.Report)),
            ])
        {
            BestEver = measured.BestEverState,
            HoldOut = measured.HoldOut,
            Subgroups = measured.Subgroups,
        });
    }

    private static IEnumerable<GateRule> Thresholds(EvaluateOptions options)
    {
        if (options.MaxRmse is { } maxRmse)
            yield return new Threshold(Rmse, Slice.Overall, max: maxRmse);
        if (options.MinR2 is { } minR2)
            yield return new Threshold(R2, Slice.Overall, min: minR2);
        if (options.MinShareWithinTenPercent is { } minShare)
            yield return new Threshold(Within, Slice.Overall, min: minShare);
    }

    private static SliceEvidence Evidence(
        Slice slice, SliceReport report, BaselineComparison? baseline = null, BestEverReport? best = null) =>
        new(slice, report.Metrics.Count,
        [
            new(Rmse, report.Metrics.Rmse, OrMissing(report.ChampionMetrics?.Rmse),
                PairedDifference.Missing("RMSE is no mean over rows")),
            new(R2, report.Metrics.R2),
            new(Within, report.Metrics.ShareWithinTenPercent),
            new(SquaredErrors, Squared(report.Metrics.Rmse), Squared(report.ChampionMetrics?.Rmse),
                Difference(report.Difference))
            {
                Baseline = baseline ?? new BaselineComparison.Missing("it is measured over all rows only"),
                BestEver = new(Squared(best?.Metrics?.Rmse), Difference(best?.Difference)),
            },
        ]);

    private static PairedDifference Difference(PairedComparison? comparison) => comparison is null
        ? PairedDifference.Missing("nothing was compared")
        : new(comparison.Count, comparison.MeanDifference, comparison.StandardError);

    private static MetricValue Squared(MetricValue? rmse) =>
        rmse is MetricValue.Value { Number: var number } ? MetricValue.Of(number * number) : OrMissing(rmse);

    private static MetricValue OrMissing(MetricValue? value) =>
        value ?? new MetricValue.Missing("it was not scored");
}

/// <summary>All that the gate judges a model by.</summary>
internal sealed record Measurements(
    ChampionState Champion, ChampionState BestEverState, BestEverReport BestEver, HoldOutProof HoldOut,
    SliceReport Overall, IReadOnlyList<MeasuredSlice> Slices, IReadOnlyList<MeasuredSlice> Pairs,
    BaselineComparison Baseline, SubgroupEvidence Subgroups);

/// <summary>What was measured on the rows of one slice.</summary>
internal sealed record MeasuredSlice(Slice Slice, SliceReport Report);
