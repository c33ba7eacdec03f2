using System.Runtime.InteropServices;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>Computes a metric of some rows, from nothing else: it is called on several threads where
/// <see cref="BootstrapOptions.Threads"/> asks for it.</summary>
/// <param name="rows">The positions of the rows; one that was drawn twice is there twice.</param>
public delegate MetricValue RowMetric(ReadOnlySpan<int> rows);

/// <summary>The uncertainty of any metric, from how it varies over samples drawn from its own rows.</summary>
/// <remarks>
/// <para>For metrics that are no mean over rows (AUC, average precision, F1, a median error, a calibration error), and
/// for all metrics where rows come in clusters. For the mean of many independent rows <see cref="MeanInterval"/> says
/// the same at once; for a share <see cref="WilsonInterval"/> also holds with few rows, or <see
/// cref="ClopperPearsonInterval"/>. It is not for extremes, such as a largest error, which no sample holds.</para>
/// <para>The interval is the percentile interval (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter
/// 13): its ends are the kth resamples from below and above, k = (resamples + 1) (1 − confidence) / 2. It is too narrow
/// for few units, so it needs <see cref="LeastUnits"/>. Resample i draws from stream i of <see cref="SplitMix64"/>: the
/// result depends on the rows, the metric, the seed and nothing else. It takes resamples × the time of the metric.
/// </para>
/// <para>A resample without a value leaves no interval: where the metric has none (AUC where all rows drawn are
/// negative) its distribution is not known, and leaving such resamples out would bend it.</para>
/// </remarks>
public static class Bootstrap
{
    /// <summary>The rows or clusters from which on there is an interval.</summary>
    public const int LeastUnits = 30;

    /// <summary>The metric with its percentile interval.</summary>
    /// <exception cref="ArgumentException">Options are out of range; all of them are named.</exception>
    public static BootstrapInterval Interval(ResamplingUnits units, RowMetric metric, BootstrapOptions options)
    {
        options.Check();
        return Measure(units, metric, options).Interval;
    }

    /// <summary>The difference of two models' metrics with its percentile interval and p-value. Both are measured on
    /// the same rows in each resample: what makes rows hard for both cancels out.</summary>
    /// <exception cref="ArgumentException">Options are out of range; all of them are named.</exception>
    public static BootstrapDifference Difference(
        ResamplingUnits units, RowMetric challenger, RowMetric champion, BootstrapOptions options)
    {
        options.Check();
        var (interval, resampled) = Measure(
            units, rows => Minus(challenger(rows), champion(rows)), options);
        if (interval.Low is MetricValue.Missing why)
            return new(interval, why);
        var smaller = Math.Min(resampled.Count(value => value <= 0), resampled.Count(value => value >= 0));
        return new(interval, MetricValue.Of(Math.Min(1, 2 * (1.0 + smaller) / (options.Resamples + 1.0))));
    }

    private static (BootstrapInterval Interval, double[] Resampled) Measure(
        ResamplingUnits units, RowMetric metric, BootstrapOptions options)
    {
        if (units.Count == 0)
            return Missing(new MetricValue.Missing($"there are no {units.Noun}"));
        var estimate = metric(units.All);
        if (estimate is MetricValue.Missing)
            return Missing(estimate);
        if (units.Count < LeastUnits)
            return Missing(
                estimate, $"{units.Count} {units.Noun} are too few for an interval, which needs {LeastUnits}");
        var resamples = Resample(units, metric, options);
        var resampled = resamples.OfType<MetricValue.Value>().Select(value => value.Number).Order().ToArray();
        if (resampled.Length < resamples.Length)
        {
            var first = resamples.OfType<MetricValue.Missing>().First();
            return Missing(
                estimate,
                $"{resamples.Length - resampled.Length} of {resamples.Length} resamples have no value: {first.Reason}");
        }
        var beyond = options.BeyondEachEnd;
        return (
            Interval(estimate, MetricValue.Of(resampled[beyond - 1]), MetricValue.Of(resampled[^beyond])), resampled);

        (BootstrapInterval Interval, double[] Resampled) Missing(MetricValue estimate, string? whyNoInterval = null)
        {
            var noEnd = whyNoInterval is null ? estimate : new MetricValue.Missing(whyNoInterval);
            return (Interval(estimate, noEnd, noEnd), []);
        }

        BootstrapInterval Interval(MetricValue estimate, MetricValue low, MetricValue high) =>
            new(units.Count, options.Resamples, options.Confidence, estimate, low, high);
    }

    private static MetricValue[] Resample(ResamplingUnits units, RowMetric metric, BootstrapOptions options)
    {
        var values = new MetricValue[options.Resamples];
        Parallel.For(
            0,
            values.Length,
            new ParallelOptions { MaxDegreeOfParallelism = options.Threads },
            () => new List<int>(),
            (resample, _, rows) =>
            {
                units.Draw(SplitMix64.Stream(options.Seed, resample), rows);
                values[resample] = metric(CollectionsMarshal.AsSpan(rows));
                return rows;
            },
            _ => { });
        return values;
    }

    private static MetricValue Minus(MetricValue challenger, MetricValue champion) => (challenger, champion) switch
    {
        (MetricValue.Value first, MetricValue.Value second) => MetricValue.Of(first.Number - second.Number),
        (MetricValue.Missing missing, _) => new MetricValue.Missing($"of the challenger, {missing.Reason}"),
        (_, MetricValue.Missing missing) => new MetricValue.Missing($"of the champion, {missing.Reason}"),
        _ => throw new ArgumentException("BUG: a metric is neither a value nor missing."),
    };
}
