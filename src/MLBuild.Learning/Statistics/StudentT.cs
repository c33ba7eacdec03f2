namespace MLBuild.Learning.Statistics;

/// <summary>Student's t distribution: of a mean in units of its estimated standard error.</summary>
/// <remarks>cdf(t; k) = 1 − I(k / (k + t²); k/2, 1/2) / 2 for t ≥ 0, I the distribution function of
/// <see cref="BetaDistribution"/>.</remarks>
public static class StudentT
{
    /// <summary>The probability of a value up to <paramref name="t"/>.</summary>
    /// <param name="t">Any number.</param>
    /// <param name="degreesOfFreedom">At least 1.</param>
    public static double Cdf(double t, int degreesOfFreedom)
    {
        if (degreesOfFreedom < 1)
            throw new ArgumentOutOfRangeException(
                nameof(degreesOfFreedom), degreesOfFreedom, "Expected at least 1.");
        var tail = BetaDistribution.Cdf(
            degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2.0, 0.5) / 2;
        return t <= 0 ? tail : 1 - tail;
    }

    /// <summary>The value below which a share of <paramref name="probability"/> lies.</summary>
    /// <param name="probability">Above 0, below 1.</param>
    /// <param name="degreesOfFreedom">At least 1.</param>
    public static double Quantile(double probability, int degreesOfFreedom)
    {
        if (probability is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "Expected 0 < value < 1.");
        if (probability > 0.5)
            return -Quantile(1 - probability, degreesOfFreedom);
        var low = -1.0;
        while (Cdf(low, degreesOfFreedom) > probability)
            low *= 2;
        return Bisection.Invert(t => Cdf(t, degreesOfFreedom), probability, low, 0);
    }
}
