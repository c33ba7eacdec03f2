namespace MLBuild.Learning.Statistics;

/// <summary>The base of a logarithm, and with it the unit of a divergence.</summary>
public enum LogBase
{
    /// <summary>Bits. The Jensen–Shannon divergence then lies in 0..1.</summary>
    Two,

    /// <summary>Nats. The Jensen–Shannon divergence then lies in 0..ln 2.</summary>
    E,
}

/// <summary>Jensen–Shannon divergence ½ KL(p ‖ a) + ½ KL(q ‖ a), with a = (p + q) / 2, and the distance, its square
/// root. Both are symmetric and finite for any two histograms; an empty bin needs no treatment.</summary>
/// <remarks>A threshold of one is not a threshold of the other, nor of another base: 0.1 bits of divergence are a
/// distance of 0.316 in base 2 and of 0.263 in base e. Source: Lin, IEEE Transactions on Information Theory 37, 1991;
/// that the square root is a metric: Endres and Schindelin 2003.</remarks>
public static class JensenShannon
{
    /// <param name="first">Counts or shares of each bin, 0 or more; they are divided by their sum.</param>
    /// <param name="second">The same bins of the other side.</param>
    /// <param name="logBase">The unit: bits or nats.</param>
    /// <exception cref="ArgumentException">The bins differ in number, a weight is negative or not finite, or all are
    /// 0.</exception>
    public static double Divergence(ReadOnlySpan<double> first, ReadOnlySpan<double> second, LogBase logBase)
    {
        if (first.Length != second.Length)
            throw new ArgumentException(
                $"The histograms have {first.Length} and {second.Length} bins. "
                + "Count both over the same bins, zeros included.");
        var firstTotal = Weights.Total(first, "first");
        var secondTotal = Weights.Total(second, "second");
        var sum = 0.0;
        for (var bin = 0; bin < first.Length; bin++)
        {
            var p = first[bin] / firstTotal;
            var q = second[bin] / secondTotal;
            sum += Half(p, q) + Half(q, p);
        }
        // Rounding may leave a trace below zero, whose root would be NaN.
        var nats = Math.Max(0, sum);
        return logBase switch
        {
            LogBase.Two => Math.Min(1, nats / Math.Log(2)),
            LogBase.E => Math.Min(Math.Log(2), nats),
            _ => throw new ArgumentOutOfRangeException(nameof(logBase), logBase, "Expected Two or E."),
        };

        static double Half(double p, double q) => p == 0 ? 0 : 0.5 * p * Math.Log(2 * p / (p + q));
    }

    /// <summary>The square root of <see cref="Divergence"/>: 0..1 in base 2, 0..0.8326 in base e.</summary>
    public static double Distance(ReadOnlySpan<double> first, ReadOnlySpan<double> second, LogBase logBase) =>
        Math.Sqrt(Divergence(first, second, logBase));
}
