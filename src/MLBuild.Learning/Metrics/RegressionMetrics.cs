using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>How well numbers were predicted, over all rows of one set or slice.</summary>
/// <param name="Count">Rows seen, non-finite ones included.</param>
/// <param name="NonFiniteCount">Rows whose actual or predicted value is NaN or infinite. With one such row every
/// metric below is missing: leaving the row out would make a broken model look better.</param>
/// <param name="Rmse">√ mean (predicted − actual)², in the unit of the target.</param>
/// <param name="Mae">Mean |predicted − actual|, in the unit of the target.</param>
/// <param name="R2">1 − Σ (predicted − actual)² / Σ (actual − mean)². No unit; 1 is perfect, 0 is as good as the
/// mean, it can be negative. Missing when all actual values are equal.</param>
/// <param name="MeanError">Mean (predicted − actual), in the unit of the target; above 0 the model predicts too much.
/// </param>
/// <param name="ShareWithinTenPercent">The share of rows, 0..1, with |predicted − actual| ≤ 0.1 |actual|.</param>
public sealed record RegressionMetrics(
    long Count,
    long NonFiniteCount,
    MetricValue Rmse,
    MetricValue Mae,
    MetricValue R2,
    MetricValue MeanError,
    MetricValue ShareWithinTenPercent);

/// <summary>Computes <see cref="RegressionMetrics"/> from a stream of rows, in constant memory and in one
/// pass.</summary>
public sealed class RegressionAccumulator
{
    private readonly RunningMoments _actual = new();
    private readonly RunningMoments _error = new();
    private readonly RunningMoments _absoluteError = new();
    private readonly RunningMoments _squaredError = new();
    private long _nonFiniteCount;
    private long _withinTenPercentCount;

    public void Add(double actual, double predicted)
    {
        if (!double.IsFinite(actual) || !double.IsFinite(predicted))
        {
            _nonFiniteCount++;
            return;
        }
        var error = predicted - actual;
        _actual.Add(actual);
        _error.Add(error);
        _absoluteError.Add(Math.Abs(error));
        _squaredError.Add(error * error);
        if (Math.Abs(error) <= 0.1 * Math.Abs(actual))
            _withinTenPercentCount++;
    }

    /// <summary>The metrics of the rows added so far.</summary>
    public RegressionMetrics ToMetrics()
    {
        var finiteCount = _actual.Count;
        var count = finiteCount + _nonFiniteCount;
        if (count == 0)
            return AllMissing("there are no rows");
        if (_nonFiniteCount > 0)
            return AllMissing($"{_nonFiniteCount} of {count} rows have a value that is not finite");
        return new(
            count,
            NonFiniteCount: 0,
            Rmse: MetricValue.Of(Math.Sqrt(_squaredError.Mean)),
            Mae: MetricValue.Of(_absoluteError.Mean),
            R2: R2(),
            MeanError: MetricValue.Of(_error.Mean),
            ShareWithinTenPercent: MetricValue.Of((double)_withinTenPercentCount / count));

        MetricValue R2() => _actual.SumOfSquares switch
        {
            0 => new MetricValue.Missing($"all actual values of the {count} rows are equal"),
            // Dividing by an overflowed sum would give a perfect 1.
            var total => MetricValue.Of(double.IsFinite(total) ? 1 - _squaredError.Mean * count / total : total),
        };

        RegressionMetrics AllMissing(string reason)
        {
            var missing = new MetricValue.Missing(reason);
            return new(count, _nonFiniteCount, missing, missing, missing, missing, missing);
        }
    }
}
