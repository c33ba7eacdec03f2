namespace MLBuild.Learning.Metrics;

/// <summary>How well rows are told apart when those with at least a probability are called positive. The counts are
/// metrics too: none of them may leave out a row.</summary>
/// <param name="Threshold">The least probability, 0..1, of a row that is called positive.</param>
/// <param name="TruePositives">Positive rows that are called so.</param>
/// <param name="FalsePositives">Negative rows that are called positive.</param>
/// <param name="TrueNegatives">Negative rows that are called so.</param>
/// <param name="FalseNegatives">Positive rows that are called negative.</param>
/// <param name="Accuracy">The share of rows, 0..1, that are called what they are.</param>
/// <param name="Precision">The share of rows called positive, 0..1, that are. Missing where none is called so.</param>
/// <param name="Recall">The share of positive rows, 0..1, that are called so. Missing where none is positive.</param>
/// <param name="F1">2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall, 0..1. Missing where no row is
/// positive and none is called so.</param>
public sealed record ThresholdMetrics(
    double Threshold,
    MetricValue TruePositives,
    MetricValue FalsePositives,
    MetricValue TrueNegatives,
    MetricValue FalseNegatives,
    MetricValue Accuracy,
    MetricValue Precision,
    MetricValue Recall,
    MetricValue F1);

/// <summary>Counts the four outcomes at a threshold.</summary>
internal sealed class ThresholdCounts
{
    private readonly double _threshold;

    public long TruePositives { get; private set; }

    public long FalsePositives { get; private set; }

    public long TrueNegatives { get; private set; }

    public long FalseNegatives { get; private set; }

    public long Positives => TruePositives + FalseNegatives;

    public long Negatives => TrueNegatives + FalsePositives;

    /// <summary>The share of positive rows.</summary>
    public MetricValue Prevalence => Ratio.Of(Positives, Positives + Negatives, "there are no rows");

    /// <exception cref="ArgumentOutOfRangeException">The threshold is no probability.</exception>
    public ThresholdCounts(double threshold) => _threshold = threshold is >= 0 and <= 1
        ? threshold
        : throw new ArgumentOutOfRangeException(
            nameof(threshold), threshold, "A threshold is a probability; expected 0 <= value <= 1.");

    public void Add(bool isPositive, double probability)
    {
        switch (isPositive, IsCalledPositive(probability))
        {
            case (true, true):
                TruePositives++;
                break;
            case (false, true):
                FalsePositives++;
                break;
            case (false, false):
                TrueNegatives++;
                break;
            case (true, false):
                FalseNegatives++;
                break;
        }
    }

    public bool IsCalledPositive(double probability) => probability >= _threshold;

    public ThresholdMetrics ToMetrics()
    {
        var right = TruePositives + TrueNegatives;
        var wrong = FalsePositives + FalseNegatives;
        var threshold = FormattableString.Invariant($"{_threshold:R}");
        return new(
            _threshold,
            MetricValue.Of(TruePositives),
            MetricValue.Of(FalsePositives),
            MetricValue.Of(TrueNegatives),
            MetricValue.Of(FalseNegatives),
            Accuracy: Ratio.Of(right, right + wrong, "there are no rows"),
            Precision: Ratio.Of(
                TruePositives, TruePositives + FalsePositives, $"no row has a probability of {threshold} or more"),
            Recall: Ratio.Of(TruePositives, TruePositives + FalseNegatives, "no row is positive"),
            F1: Ratio.Of(
                2 * TruePositives, 2 * TruePositives + wrong,
                $"no row is positive, and none has a probability of {threshold} or more"));
    }

    public ThresholdMetrics Missing(MetricValue.Missing reason) =>
        new(_threshold, reason, reason, reason, reason, reason, reason, reason, reason);
}
