namespace MLBuild.Learning.Statistics;

/// <summary>Student's t distribution: of a mean in units of its estimated standard error.</summary>
/// <remarks>cdf(t; k) = 1 − I(k / (k + t²); k/2, 1/2) / 2 for t ≥ 0, the regularised incomplete beta function (NIST
/// DLMF 8.17, its continued fraction 8.17.22 evaluated by Lentz's method).</remarks>
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
        var tail = Beta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2.0, 0.5) / 2;
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

    // I(x; a, b).
    private static double Beta(double x, double a, double b)
    {
        if (x is <= 0 or >= 1)
            return x <= 0 ? 0 : 1;
        // The fraction converges fast below the mean of the distribution.
        if (x > (a + 1) / (a + b + 2))
            return 1 - Beta(1 - x, b, a);
        var front = Math.Exp(Gamma.Log(a + b) - Gamma.Log(a) - Gamma.Log(b) + a * Math.Log(x) + b * Math.Log(1 - x));
        var (c, d) = (1.0, 1 / (1 - (a + b) * x / (a + 1)));
        var h = d;
        for (var m = 1; m < 10_000; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / (1 + even * d);
            c = 1 + even / c;
            h *= c * d;
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / (1 + odd * d);
            c = 1 + odd / c;
            h *= c * d;
            if (Math.Abs(c * d - 1) < 1e-15)
                break;
        }
        return front * h / a;
    }
}
