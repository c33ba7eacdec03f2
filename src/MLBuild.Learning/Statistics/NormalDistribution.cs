namespace MLBuild.Learning.Statistics;

/// <summary>The standard normal distribution: mean 0, standard deviation 1.</summary>
/// <remarks>erfc(x) = Q(1/2, x²) for x ≥ 0 (NIST DLMF 7.11.2), so Φ(−x) = Q(1/2, x²/2) / 2.</remarks>
public static class NormalDistribution
{
    /// <summary>The probability of a value up to <paramref name="x"/>. Exact in the far lower tail.</summary>
    public static double Cdf(double x)
    {
        var tail = Gamma.UpperRegularised(0.5, x * x / 2) / 2;
        return x <= 0 ? tail : 1 - tail;
    }

    /// <summary>The value below which a share of <paramref name="probability"/> lies.</summary>
    /// <param name="probability">Above 0, below 1.</param>
    public static double Quantile(double probability)
    {
        if (probability is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "Expected 0 < value < 1.");
        // The lower half holds the exact tail; Φ(−39) is below the smallest double.
        return probability > 0.5
            ? -Quantile(1 - probability)
            : Bisection.Invert(Cdf, probability, -39, 0);
    }
}
