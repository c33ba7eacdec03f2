using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>A mean over rows with the interval in which its true value lies, by the normal distribution.</summary>
/// <remarks>For metrics that are means over independent rows: an absolute error, a squared error, a log-loss. It rests
/// on the central limit theorem, mean ± z · standard deviation / √count, so it needs <see
/// cref="MeanIntervalAccumulator.LeastRows"/> rows, and more where few rows make most of the sum. For a share use <see
/// cref="WilsonInterval"/>; for rows in clusters, and for metrics that are no mean, <see cref="Bootstrap"/>.</remarks>
/// <param name="Count">Rows seen, non-finite ones included.</param>
/// <param name="NonFiniteCount">Rows whose value is NaN or infinite. With one such row all values below are
/// missing.</param>
/// <param name="Confidence">How often such intervals hold the true mean; above 0, below 1.</param>
/// <param name="Mean">In the unit of the values.</param>
/// <param name="StandardError">The standard deviation of the values / √count, in their unit.</param>
/// <param name="Low">The lower end, in the unit of the values.</param>
/// <param name="High">The upper end.</param>
public sealed record MeanInterval(
    long Count,
    long NonFiniteCount,
    double Confidence,
    MetricValue Mean,
    MetricValue StandardError,
    MetricValue Low,
    MetricValue High);

/// <summary>Computes a <see cref="MeanInterval"/> from a stream of values, one a row, in constant memory.</summary>
/// <param name="confidence">Above 0, below 1.</param>
public sealed class MeanIntervalAccumulator(double confidence = 0.95)
{
    /// <summary>The rows from which on the mean is taken as normally distributed.</summary>
    public const int LeastRows = 30;

    private readonly double _confidence = confidence is > 0 and < 1
        ? confidence
        : throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Expected 0 < value < 1.");

    private readonly RunningMoments _values = new();
    private long _nonFiniteCount;

    public void Add(double value)
    {
        if (double.IsFinite(value))
            _values.Add(value);
        else
            _nonFiniteCount++;
    }

    /// <summary>The mean of the values added so far, with its interval.</summary>
    public MeanInterval ToInterval()
    {
        var count = _values.Count + _nonFiniteCount;
        if (count == 0)
            return AllMissing("there are no rows");
        if (_nonFiniteCount > 0)
            return AllMissing($"{_nonFiniteCount} of {count} rows have a value that is not finite");
        var standardError = Math.Sqrt(_values.Variance / count);
        var reach = NormalDistribution.Quantile(0.5 + _confidence / 2) * standardError;
        return new(
            count,
            NonFiniteCount: 0,
            _confidence,
            MetricValue.Of(_values.Mean),
            count < 2
                ? new MetricValue.Missing("one row has no spread; at least 2 are needed")
                : MetricValue.Of(standardError),
            End(_values.Mean - reach),
            End(_values.Mean + reach));

        MetricValue End(double end) => count < LeastRows
            ? new MetricValue.Missing($"{count} rows are too few for an interval, which needs {LeastRows}")
            : MetricValue.Of(end);

        MeanInterval AllMissing(string reason)
        {
            var missing = new MetricValue.Missing(reason);
            return new(count, _nonFiniteCount, _confidence, missing, missing, missing, missing);
        }
    }
}
