namespace MLBuild.Learning.Statistics;

/// <summary>The chi-square distribution: of the sum of squares of <c>degreesOfFreedom</c> standard normal
/// values.</summary>
/// <remarks>cdf(x; k) = P(k/2, x/2), the regularised incomplete gamma function (NIST DLMF 8.2.4).</remarks>
public static class ChiSquareDistribution
{
    /// <summary>The probability of a value up to <paramref name="x"/>.</summary>
    public static double Cdf(double x, int degreesOfFreedom) =>
        x <= 0 ? 0 : Gamma.LowerRegularised(Positive(degreesOfFreedom) / 2.0, x / 2);

    /// <summary>The probability of a value above <paramref name="x"/>: a test's p. Exact where it is tiny.</summary>
    public static double Survival(double x, int degreesOfFreedom) =>
        x <= 0 ? 1 : Gamma.UpperRegularised(Positive(degreesOfFreedom) / 2.0, x / 2);

    /// <summary>The value that is exceeded with probability 1 − <paramref name="probability"/>.</summary>
    /// <param name="probability">Above 0, below 1.</param>
    /// <param name="degreesOfFreedom">At least 1.</param>
    public static double Quantile(double probability, int degreesOfFreedom)
    {
        if (probability is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "Expected 0 < value < 1.");
        var high = (double)Positive(degreesOfFreedom);
        while (Cdf(high, degreesOfFreedom) < probability)
            high *= 2;
        return Bisection.Invert(x => Cdf(x, degreesOfFreedom), probability, 0, high);
    }

    private static int Positive(int degreesOfFreedom) => degreesOfFreedom >= 1
        ? degreesOfFreedom
        : throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "Expected at least 1.");
}
