using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>The gate of a model: on rows that it was not trained on it must keep thresholds, be better than a constant,
/// and no worse than the champion, over all rows, in each large subgroup and each large pair of them, and no worse than
/// the best version that ever served. Where there are classes, there must be rows of them.</summary>
internal static class EvaluateGate
{
    /// <summary>The search for weak subgroups, whether or not the gate judges by it.</summary>
    public static SubgroupFindings Subgroups(Measurements measured, EvaluateOptions options) =>
        SubgroupFindings.Of(measured.Subgroups, 1 + (options.MaxSubgroupExcess ?? 0), options.MinSubgroupRows);

    public static GateReport Judge(TaskEvaluation evaluation, Measurements measured, EvaluateOptions options)
    {
        var loss = evaluation.Loss;
        MeasuredSlice[] judged =
        [
            .. measured.Slices.Where(slice => slice.Report.Metrics.Count >= options.MinSliceRows),
            .. measured.Pairs.Where(pair => pair.Report.Metrics.Count >= options.MinPairRows),
        ];
        var gate = new Gate(NoChampion.PassesOnThresholds,
        [
            new UnseenHoldOut(),
            new MinimumRows(Slice.Overall, options.MinRows),
            .. measured.Lost(options.MinSliceRows).Select(slice => new MinimumRows(slice, 1)),
            .. judged.Select(slice => slice.Slice).Prepend(Slice.Overall).Where(_ => evaluation.HasClasses)
                .Select(slice => new ClassesPresent(slice, evaluation.Task.Classes)),
            .. TaskDemand.Of(evaluation.Task.Kind, options)
                .Select(demand => demand.Threshold(measured.Overall.Metrics)).OfType<Threshold>(),
            new TrivialBaseline(loss.MeanName, Slice.Overall, options.MinGainOverBaseline),
            new NonInferiority(loss.MeanName, Slice.Overall, Margin.Relative(options.Margin)),
            new NonInferiority(
                loss.MeanName, Slice.Overall, Margin.Relative(options.BestEverMargin), rival: Rival.BestEver),
            .. judged.Select(slice =>
                new NonInferiority(loss.MeanName, slice.Slice, Margin.Relative(options.SliceMargin))),
            new GainCap(loss.ShownName, Slice.Overall, options.MaxGain),
            .. options.MaxSubgroupExcess is { } excess
                ? [new NoWeakSubgroup(loss.MeanName, excess, options.MinSubgroupRows)]
                : Array.Empty<GateRule>(),
        ]);
        return gate.Judge(new(
            measured.Champion,
            [
                Evidence(loss, Slice.Overall, measured.Overall, measured.Baseline, measured.BestEver),
                .. judged.Select(slice => Evidence(loss, slice.Slice, slice.Report)),
            ])
        {
            BestEver = measured.BestEverState,
            HoldOut = measured.HoldOut,
            Subgroups = measured.Subgroups,
        });
    }

    private static SliceEvidence Evidence(
        RowLoss loss, Slice slice, SliceReport report, BaselineComparison? baseline = null,
        BestEverReport? best = null)
    {
        var mean = new MetricEvidence(
            loss.MeanName, report.Metrics.Loss, OrMissing(report.ChampionMetrics?.Loss), Difference(report.Difference))
        {
            Baseline = baseline ?? new BaselineComparison.Missing("it is measured over all rows only"),
            BestEver = new(OrMissing(best?.Metrics?.Loss), Difference(best?.Difference)),
        };
        // What people read in the place of the loss may be the loss itself.
        return new(slice, report.Metrics.Count,
        [
            .. report.Metrics.Summary.Where(metric => metric.Name != loss.MeanName).Select(metric =>
                metric.Id == loss.ShownId
                    ? new MetricEvidence(
                        metric.Name, metric.Value, OrMissing(report.ChampionMetrics?.Headline.Value),
                        PairedDifference.Missing($"{metric.Name} is no mean over rows"))
                    : new MetricEvidence(metric.Name, metric.Value)),
            mean,
        ])
        {
            RowsOfClasses = report.Metrics.RowsOfClasses,
        };
    }

    private static PairedDifference Difference(PairedComparison? comparison) => comparison is null
        ? PairedDifference.Missing("nothing was compared")
        : new(comparison.Count, comparison.MeanDifference, comparison.StandardError);

    private static MetricValue OrMissing(MetricValue? value) =>
        value ?? new MetricValue.Missing("it was not scored");
}

/// <summary>All that the gate judges a model by.</summary>
internal sealed record Measurements(
    ChampionState Champion, ChampionState BestEverState, BestEverReport BestEver, HoldOutProof HoldOut,
    SliceReport Overall, IReadOnlyList<MeasuredSlice> Slices, IReadOnlyList<MeasuredSlice> Pairs,
    BaselineComparison Baseline, SubgroupEvidence Subgroups, TrainedGroups Trained)
{
    /// <summary>Subgroups of so many training rows that the hold-out has no row of.</summary>
    public IReadOnlyList<Slice> Lost(long minRows) => Trained.Lost(Slices, minRows);
}

/// <summary>What was measured on the rows of one slice.</summary>
internal sealed record MeasuredSlice(Slice Slice, SliceReport Report);
