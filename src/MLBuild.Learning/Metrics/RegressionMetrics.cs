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
/// <param name="intervals">How intervals of few rows are drawn; null where nobody asks for intervals.</param>
/// <exception cref="ArgumentException">Options are out of range; all of them are named.</exception>
public sealed class RegressionAccumulator(BootstrapOptions? intervals = null)
{
    /// <summary>Most rows whose interval is bootstrapped. Of more the normal distribution says the same, without
    /// keeping them.</summary>
    public const int MostBootstrapped = LossMean.MostBootstrapped;

    private readonly RunningMoments _actual = new();
    private readonly RunningMoments _error = new();
    private readonly LossMean _absoluteError = new(intervals);
    private readonly LossMean _squaredError = new(intervals);
    private readonly SpreadOfR2 _spread = new();
    private long _nonFiniteCount;
    private long _withinTenPercentCount;
    private readonly BootstrapOptions? _intervals = Checked(intervals);

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
        if (_intervals is not null)
            _spread.Add(actual, error * error);
        if (Math.Abs(error) <= 0.1 * Math.Abs(actual))
            _withinTenPercentCount++;
    }

    /// <summary>In the squared unit of the target; of no meaning where the RMSE is missing.</summary>
    internal double MeanSquaredError => _squaredError.Mean;

    /// <summary>The intervals of the errors added so far; null where nobody asked for them.</summary>
    public RegressionIntervals? ToIntervals()
    {
        if (_intervals is not { } options)
            return null;
        var rows = _error.Count + _nonFiniteCount;
        if (_nonFiniteCount > 0)
            return Missing($"{_nonFiniteCount} of {rows} rows have a value that is not finite");
        return new(
            _squaredError.Interval(Math.Sqrt)!, _absoluteError.Interval(mean => mean)!,
            MetricInterval.Normal(
                IntervalMethod.Normal, _error.Mean, Math.Sqrt(_error.Variance / rows), rows,
                double.NegativeInfinity, double.PositiveInfinity),
            _spread.Interval(_squaredError.Mean, _squaredError.Variance),
            MetricInterval.OfShare(_withinTenPercentCount, rows));

        RegressionIntervals Missing(string reason)
        {
            var none = MetricInterval.Missing(IntervalMethod.Bootstrap, options.Confidence, reason);
            return new(none, none, none, none, none);
        }
    }

    private static BootstrapOptions? Checked(BootstrapOptions? options)
    {
        options?.Check();
        return options;
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
