using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>By how much a challenger's losses (<see cref="RowLoss"/>) exceed a champion's on the same rows. All values
/// are in their unit, the squared one of the target or nats; above 0 the challenger is worse.</summary>
/// <param name="Count">Pairs seen, non-finite ones included.</param>
/// <param name="NonFiniteCount">Pairs with an error that is NaN or infinite. With one such pair all values below are
/// missing.</param>
/// <param name="MeanDifference">Mean (challenger's loss − champion's loss).</param>
/// <param name="StandardError">The standard deviation of the differences / √count.</param>
/// <param name="UpperBound95">The one-sided 95 % upper bound of the mean difference, mean + 1.645 standard errors. It
/// rests on the central limit theorem, so it is missing below <see cref="PairedComparisonAccumulator.LeastPairs"/>
/// pairs.</param>
public sealed record PairedComparison(
    long Count,
    long NonFiniteCount,
    MetricValue MeanDifference,
    MetricValue StandardError,
    MetricValue UpperBound95);

/// <summary>Computes a <see cref="PairedComparison"/> from a stream of pairs, one per row, in constant
/// memory.</summary>
public sealed class PairedComparisonAccumulator
{
    /// <summary>The pairs from which on the mean is taken as normally distributed.</summary>
    public const int LeastPairs = 30;

    private readonly RunningMoments _difference = new();
    private long _nonFiniteCount;

    public void Add(double challengerLoss, double championLoss)
    {
        // Two finite errors can still differ by more than a double holds.
        var difference = challengerLoss - championLoss;
        if (double.IsFinite(difference))
            _difference.Add(difference);
        else
            _nonFiniteCount++;
    }

    /// <summary>The comparison of the pairs added so far.</summary>
    public PairedComparison ToComparison()
    {
        var count = _difference.Count + _nonFiniteCount;
        if (count == 0)
            return AllMissing("there are no pairs");
        if (_nonFiniteCount > 0)
            return AllMissing($"{_nonFiniteCount} of {count} pairs have an error that is not finite");
        var standardError = Math.Sqrt(_difference.Variance / count);
        return new(
            count,
            NonFiniteCount: 0,
            MeanDifference: MetricValue.Of(_difference.Mean),
            StandardError: count < 2
                ? new MetricValue.Missing("one pair has no spread; at least 2 are needed")
                : MetricValue.Of(standardError),
            UpperBound95: count < LeastPairs
                ? new MetricValue.Missing($"{count} pairs are too few for an interval, which needs {LeastPairs}")
                : MetricValue.Of(_difference.Mean + NormalDistribution.Quantile(0.95) * standardError));

        PairedComparison AllMissing(string reason)
        {
            var missing = new MetricValue.Missing(reason);
            return new(count, _nonFiniteCount, missing, missing, missing);
        }
    }
}
