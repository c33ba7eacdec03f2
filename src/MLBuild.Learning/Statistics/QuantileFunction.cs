namespace MLBuild.Learning.Statistics;

/// <summary>The shape of a distribution: its smallest number, the 39 that split it into parts of 2.5 %, and its
/// largest.</summary>
public static class QuantileFunction
{
    public const int Parts = 40;

    /// <summary>0, 0.025, … 1.</summary>
    public static readonly double[] Shares = [.. Enumerable.Range(0, Parts + 1).Select(i => (double)i / Parts)];

    /// <summary>The quantile at a share, linear between the known ones.</summary>
    /// <param name="quantiles">At <see cref="Shares"/>.</param>
    /// <param name="share">0..1.</param>
    public static double At(IReadOnlyList<double> quantiles, double share)
    {
        var position = Math.Clamp(share, 0, 1) * Parts;
        var below = Math.Min((int)position, Parts - 1);
        var rest = position - below;
        var (low, high) = (quantiles[below], quantiles[below + 1]);
        // Not a + r (b - a), which is beyond a double for the widest distributions. Between equal ones nothing is
        // rounded: a limit in the middle of many equal numbers is that number.
        return Math.Clamp(low * (1 - rest) + high * rest, low, high);
    }

    /// <summary>The share of the distribution at or below a number, linear between the known quantiles.</summary>
    public static double ShareUpTo(IReadOnlyList<double> quantiles, double number)
    {
        if (number < quantiles[0])
            return 0;
        var last = Parts;
        while (quantiles[last] > number)
            last--;
        if (last == Parts)
            return 1;
        var within = (number - quantiles[last]) / (quantiles[last + 1] - quantiles[last]);
        return (last + within) / Parts;
    }

    /// <summary>The quantile function of several distributions together, each with its weight.</summary>
    public static double[] Pool(IEnumerable<(IReadOnlyList<double> Quantiles, long Weight)> parts)
    {
        var all = parts.ToArray();
        var numbers = new WeightedNumbers(all.Length * Parts);
        foreach (var (quantiles, weight) in all)
        {
            // Each part of 2.5 % stands where its middle is.
            for (var i = 0; i < Parts; i++)
                numbers.Add(quantiles[i] / 2 + quantiles[i + 1] / 2, weight);
        }
        var pooled = numbers.Quantiles(Shares);
        (pooled[0], pooled[^1]) = (all.Min(part => part.Quantiles[0]), all.Max(part => part.Quantiles[^1]));
        return pooled;
    }

    /// <summary>The shares of the distribution in bins of equal width between two numbers; what lies outside is in the
    /// first or the last bin.</summary>
    public static double[] Histogram(IReadOnlyList<double> quantiles, double low, double high, int bins)
    {
        var shares = new double[bins];
        var before = 0.0;
        for (var bin = 0; bin < bins; bin++)
        {
            var edge = low + (high - low) * (bin + 1) / bins;
            // A bin holds what is below its upper edge; point masses make a difference.
            var upTo = bin == bins - 1 ? 1 : ShareUpTo(quantiles, Math.BitDecrement(edge));
            shares[bin] = Math.Max(0, upTo - before);
            before = Math.Max(before, upTo);
        }
        return shares;
    }
}
