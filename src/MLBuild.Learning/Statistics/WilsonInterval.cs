namespace MLBuild.Learning.Statistics;

/// <summary>Where the true share lies when some of all rows have a property.</summary>
/// <remarks>The interval to report for a share of independent rows: it holds the true share as often as said, on
/// average over shares. Where it must never be less often, take <see cref="ClopperPearsonInterval"/>. Source: Wilson,
/// Probable inference, the law of succession, and statistical inference, JASA 22, 1927.</remarks>
public static class WilsonInterval
{
    /// <summary>The ends of the interval, in 0..1.</summary>
    /// <param name="having">Rows that have the property.</param>
    /// <param name="all">All rows, at least 1.</param>
    /// <param name="confidence">How often the interval holds the true share; above 0, below 1.</param>
    public static (double Low, double High) Of(long having, long all, double confidence)
    {
        if (all < 1 || having < 0 || having > all)
            throw new ArgumentException($"{having} of {all} is no share. Count at least one row.");
        var z = NormalDistribution.Quantile(0.5 + confidence / 2);
        var share = (double)having / all;
        var middle = share + z * z / (2 * all);
        var half = z * Math.Sqrt(share * (1 - share) / all + z * z / (4.0 * all * all));
        var scale = 1 + z * z / all;
        return (Math.Max(0, (middle - half) / scale), Math.Min(1, (middle + half) / scale));
    }
}
