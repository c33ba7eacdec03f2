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
    public const int MostBootstrapped = 2_000;

    private readonly RunningMoments _actual = new();
    private readonly RunningMoments _error = new();
    private readonly RunningMoments _absoluteError = new();
    private readonly RunningMoments _squaredError = new();
    private long _nonFiniteCount;
    private long _withinTenPercentCount;
    private readonly BootstrapOptions? _intervals = Checked(intervals);
    private List<double>? _kept = intervals is null ? null : [];

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
        if (_kept is null)
            return;
        if (_kept.Count < MostBootstrapped)
            _kept.Add(error);
        else
            _kept = null;
    }

    /// <summary>The intervals of the errors added so far; null where nobody asked for them.</summary>
    public RegressionIntervals? ToIntervals()
    {
        if (_intervals is not { } options)
            return null;
        var rows = _error.Count + _nonFiniteCount;
        return _nonFiniteCount > 0 ? Missing($"{_nonFiniteCount} of {rows} rows have a value that is not finite")
            : rows < Bootstrap.LeastUnits
                ? Missing($"{rows} rows are too few for an interval, which needs {Bootstrap.LeastUnits}")
            : _kept is null ? Normal(options.Confidence) : Resampled(options, _kept);

        RegressionIntervals Missing(string reason)
        {
            var end = new MetricValue.Missing(reason);
            var none = new MetricInterval(IntervalMethod.Bootstrap, options.Confidence, end, end);
            return new(none, none);
        }
    }

    private RegressionIntervals Normal(double confidence)
    {
        var z = NormalDistribution.Quantile(0.5 + (confidence / 2));
        return new(Of(_squaredError, Math.Sqrt), Of(_absoluteError, mean => mean));

        // No mean of errors is below 0, whatever the normal distribution says.
        MetricInterval Of(RunningMoments errors, Func<double, double> metric)
        {
            var reach = z * Math.Sqrt(errors.Variance / errors.Count);
            return new(
                IntervalMethod.Normal, confidence,
                MetricValue.Of(metric(Math.Max(0, errors.Mean - reach))), MetricValue.Of(metric(errors.Mean + reach)));
        }
    }

    private static RegressionIntervals Resampled(BootstrapOptions options, List<double> errors)
    {
        var units = ResamplingUnits.Rows(errors.Count);
        return new(Of(error => error * error, Math.Sqrt), Of(Math.Abs, mean => mean));

        MetricInterval Of(Func<double, double> part, Func<double, double> metric)
        {
            double[] parts = [.. errors.Select(part)];
            var interval = Bootstrap.Interval(units, rows => MetricValue.Of(metric(Mean(parts, rows))), options);
            return new(IntervalMethod.Bootstrap, options.Confidence, interval.Low, interval.High);
        }

        static double Mean(double[] parts, ReadOnlySpan<int> rows)
        {
            var sum = 0.0;
            foreach (var row in rows)
                sum += parts[row];
            return sum / rows.Length;
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
