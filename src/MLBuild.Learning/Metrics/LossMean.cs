using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>The mean of the errors of rows, each from 0, as they stream by, and the interval in which the true one
/// lies: of few rows by the bootstrap, for which they are kept, of many by the normal distribution.</summary>
/// <param name="intervals">How resamples are drawn; null where nobody asks for intervals.</param>
internal sealed class LossMean(BootstrapOptions? intervals)
{
    /// <summary>Most rows whose interval is bootstrapped. Of more the normal distribution says the same, without
    /// keeping them.</summary>
    public const int MostBootstrapped = 2_000;

    private readonly RunningMoments _losses = new();
    private List<double>? _kept = intervals is null ? null : [];

    public long Count => _losses.Count;

    public double Mean => _losses.Mean;

    /// <summary>Of the sample.</summary>
    public double Variance => _losses.Variance;

    public void Add(double loss)
    {
        _losses.Add(loss);
        if (_kept is null)
            return;
        if (_kept.Count < MostBootstrapped)
            _kept.Add(loss);
        else
            _kept = null;
    }

    /// <param name="shown">What people read in the place of a mean; it rises with it.</param>
    /// <returns>Null where nobody asked for intervals.</returns>
    public MetricInterval? Interval(Func<double, double> shown)
    {
        if (intervals is not { } options)
            return null;
        if (Count < Bootstrap.LeastUnits)
            return MetricInterval.TooFew(IntervalMethod.Bootstrap, options.Confidence, Count);
        if (_kept is null)
        {
            var reach = NormalDistribution.Quantile(0.5 + (options.Confidence / 2)) * Math.Sqrt(Variance / Count);
            // No mean of errors is below 0, whatever the normal distribution says.
            return new(
                IntervalMethod.Normal, options.Confidence,
                MetricValue.Of(shown(Math.Max(0, Mean - reach))), MetricValue.Of(shown(Mean + reach)));
        }
        double[] losses = [.. _kept];
        var interval = Bootstrap.Interval(
            ResamplingUnits.Rows(losses.Length), rows => MetricValue.Of(shown(MeanOf(losses, rows))), options);
        return new(IntervalMethod.Bootstrap, options.Confidence, interval.Low, interval.High);
    }

    private static double MeanOf(double[] losses, ReadOnlySpan<int> rows)
    {
        var sum = 0.0;
        foreach (var row in rows)
            sum += losses[row];
        return sum / rows.Length;
    }
}
