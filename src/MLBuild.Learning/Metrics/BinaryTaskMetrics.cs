using MLBuild.Learning.Gates;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Metrics;

/// <summary>The metrics of a binary task by their names.</summary>
/// <param name="classes">What labels 0 and 1 are called.</param>
/// <param name="threshold">The least probability of a row that is called positive.</param>
/// <param name="intervals">How intervals of few rows are drawn; null where nobody asks for intervals.</param>
/// <param name="ranks">Whether scores are kept for what depends on their order.</param>
internal sealed class BinaryTaskMetrics(
    IReadOnlyList<string> classes, double threshold, BootstrapOptions? intervals, bool ranks) : TaskMetrics
{
    /// <summary>Bins of about as many rows each. Bins of equal width would put nearly all rows of a rare event into the
    /// first.</summary>
    internal const int Bins = 10;

    private readonly BinaryAccumulator _rows = new(threshold, ranks);
    private readonly LossMean _losses = new(intervals);
    private readonly LossMean _squares = new(intervals);

    public override void Add(double label, ReadOnlySpan<double> scores, double loss)
    {
        _rows.Add(label, scores[0]);
        if (!double.IsFinite(loss))
            return;
        _losses.Add(loss);
        _squares.Add((scores[0] - label) * (scores[0] - label));
    }

    public override ModelMetrics ToMetrics()
    {
        var metrics = _rows.ToMetrics();
        var (counts, at) = (_rows.Outcomes, metrics.AtThreshold);
        var (called, wrong) = (
            counts.TruePositives + counts.FalsePositives, counts.FalsePositives + counts.FalseNegatives);
        var calibration = Calibration(metrics.Brier);
        var where = FormattableString.Invariant($" at {threshold}");
        return new(
            metrics.Count, _rows.FaultyCount, metrics.LogLoss,
            [
                RowLoss.Of(LearningTaskKind.Binary).Named(
                    metrics.LogLoss, Asked(metrics.LogLoss, () => _losses.Interval(mean => mean)!)),
                .. ranks
                    ? (NamedMetric[])
                    [
                        new("roc-auc", "ROC AUC", MetricUnit.None, Direction.HigherIsBetter, metrics.RocAuc,
                            Asked(metrics.RocAuc, _rows.Ranking.RocAucInterval)),
                        new("average-precision", "average precision", MetricUnit.None, Direction.HigherIsBetter,
                            metrics.AveragePrecision,
                            Asked(metrics.AveragePrecision, _rows.Ranking.AveragePrecisionInterval)),
                        calibration,
                    ]
                    : [],
                new("precision", $"precision{where}", MetricUnit.Share, Direction.HigherIsBetter, at.Precision,
                    Asked(at.Precision, () => MetricInterval.OfShare(counts.TruePositives, called))),
                new("recall", $"recall{where}", MetricUnit.Share, Direction.HigherIsBetter, at.Recall,
                    Asked(at.Recall, () => MetricInterval.OfShare(counts.TruePositives, counts.Positives))),
            ],
            [
                new("f1", $"F1{where}", MetricUnit.None, Direction.HigherIsBetter, at.F1,
                    Asked(at.F1, () => MetricInterval.OfF1(counts.TruePositives, wrong))),
                new("accuracy", $"accuracy{where}", MetricUnit.Share, Direction.HigherIsBetter, at.Accuracy,
                    Asked(at.Accuracy, () => MetricInterval.OfShare(
                        counts.TruePositives + counts.TrueNegatives, counts.Positives + counts.Negatives))),
                new("brier", "Brier score", MetricUnit.None, Direction.LowerIsBetter, metrics.Brier,
                    Asked(metrics.Brier, () => _squares.Interval(mean => mean)!)),
                new("prevalence", $"share of '{classes[1]}'", MetricUnit.Share, null, metrics.Prevalence,
                    Asked(metrics.Prevalence, () => MetricInterval.OfShare(
                        counts.Positives, counts.Positives + counts.Negatives))),
                SureAndWrong(metrics.ClippedCount, metrics.LogLoss),
            ])
        {
            RowsOfClasses = [counts.Negatives, counts.Positives],
        };
    }

    public override ClassFindings? Classes()
    {
        if (_rows.FaultyCount > 0 || _losses.Count == 0)
            return null;
        var counts = _rows.Outcomes;
        return new(
            new(classes,
            [
                [counts.TrueNegatives, counts.FalsePositives], [counts.FalseNegatives, counts.TruePositives],
            ]),
            [
                Class(classes[0], counts.TrueNegatives, counts.FalseNegatives, counts.FalsePositives),
                Class(classes[1], counts.TruePositives, counts.FalsePositives, counts.FalseNegatives),
            ],
            ranks ? QuantileRows.Of(_rows.Ranking.Scores, Bins) : []);
    }

    /// <summary>One class against all others.</summary>
    /// <param name="calledWrongly">Rows of others that are called of the class.</param>
    /// <param name="missed">Rows of the class that are called of others.</param>
    internal static ClassReport Class(string name, long right, long calledWrongly, long missed)
    {
        return new(name, right + missed,
        [
            Share("precision", right, right + calledWrongly, $"no row is predicted to be '{name}'"),
            Share("recall", right, right + missed, $"no row is '{name}'"),
            new("f1", "F1", MetricUnit.None, Direction.HigherIsBetter,
                Ratio.Of(2 * right, (2 * right) + calledWrongly + missed, $"no row is '{name}' or predicted to be"),
                MetricInterval.OfF1(right, calledWrongly + missed)),
        ]);

        static NamedMetric Share(string id, long having, long all, string whyNone) => new(
            id, id, MetricUnit.Share, Direction.HigherIsBetter, Ratio.Of(having, all, whyNone),
            all == 0 ? null : MetricInterval.OfShare(having, all));
    }

    /// <summary>Rows whose class had no probability to speak of: the log loss takes no more for them than the clip
    /// allows, so they are counted.</summary>
    internal static NamedMetric SureAndWrong(long count, MetricValue logLoss) => new(
        "sure-and-wrong", "rows sure and wrong", MetricUnit.Rows, Direction.LowerIsBetter,
        logLoss is MetricValue.Missing ? logLoss : MetricValue.Of(count), Interval: null);

    /// <summary>The gap between what is predicted and what happens, of rows with about the same prediction.</summary>
    /// <param name="like">A metric that is missing where this one is.</param>
    internal static NamedMetric CalibrationError(
        MetricValue like, LabelledScores scores, BootstrapOptions? intervals)
    {
        var bins = like is MetricValue.Value ? QuantileRows.Of(scores, Bins) : [];
        return new(
            "calibration-error", "calibration error", MetricUnit.Share, Direction.LowerIsBetter,
            bins is [] ? like : MetricValue.Of(CalibrationAccumulator.ExpectedError(bins)),
            bins is [] || intervals is null ? null : CalibrationAccumulator.ExpectedErrorInterval(bins));
    }

    private NamedMetric Calibration(MetricValue like) =>
        CalibrationError(ranks ? like : new MetricValue.Missing("the scores were not kept"), _rows.Ranking.Scores,
            intervals);

    private MetricInterval? Asked(MetricValue value, Func<double, MetricInterval> interval) =>
        intervals is not null && value is MetricValue.Value { Number: var number } ? interval(number) : null;

    private MetricInterval? Asked(MetricValue value, Func<MetricInterval> interval) => Asked(value, _ => interval());
}
