namespace MLBuild.Learning.Statistics;

/// <summary>The binomial distribution: of how many of <c>trials</c> independent trials succeed.</summary>
/// <remarks>P(X &gt; k; n, p) = I(p; k + 1, n − k), the distribution function of <see cref="BetaDistribution"/> (NIST
/// DLMF 8.17.5).</remarks>
public static class BinomialDistribution
{
    /// <summary>The probability of at most so many successes. Exact where it is tiny.</summary>
    /// <param name="successes">Any number.</param>
    /// <param name="trials">0 or more.</param>
    /// <param name="probability">Of success in one trial, 0..1.</param>
    public static double Cdf(long successes, long trials, double probability)
    {
        Check(trials, probability);
        if (successes < 0 || successes >= trials)
            return successes < 0 ? 0 : 1;
        return BetaDistribution.Cdf(1 - probability, trials - successes, successes + 1.0);
    }

    /// <summary>The probability of more than so many successes. Exact where it is tiny.</summary>
    /// <inheritdoc cref="Cdf"/>
    public static double Survival(long successes, long trials, double probability)
    {
        Check(trials, probability);
        if (successes < 0 || successes >= trials)
            return successes < 0 ? 1 : 0;
        return BetaDistribution.Cdf(probability, successes + 1.0, trials - successes);
    }

    private static void Check(long trials, double probability)
    {
        if (trials < 0)
            throw new ArgumentOutOfRangeException(nameof(trials), trials, "Expected 0 or more.");
        if (probability is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "Expected 0 <= value <= 1.");
    }
}
