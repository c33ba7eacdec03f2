using System.Numerics;

namespace MLBuild.Learning.Statistics;

/// <summary>What the Kolmogorov–Smirnov test of two samples found.</summary>
/// <param name="Statistic">The largest distance between the two empirical distribution functions, in 0..1.</param>
/// <param name="PValue">The probability of a distance at least this large when both samples have one
/// distribution.</param>
public readonly record struct KolmogorovSmirnovResult(double Statistic, double PValue);

/// <summary>The two-sided Kolmogorov–Smirnov test: do two samples of numbers come from one distribution?</summary>
/// <remarks>
/// The p is exact while both samples have at most <see cref="LargestExactSample"/> values, else Kolmogorov's limit with
/// Stephens' correction. Equal values are stepped over together, so the statistic is right with ties; the p then errs
/// towards 1. Sources: Hodges, "The significance probability of the Smirnov two-sample test", 1958; Stephens 1970.
/// </remarks>
public static class KolmogorovSmirnov
{
    /// <summary>The largest sample for which p is counted path by path; the work grows with the product of the
    /// sizes.</summary>
    public const int LargestExactSample = 10_000;

    /// <param name="first">At least one value, in any order.</param>
    /// <param name="second">At least one value, in any order.</param>
    /// <exception cref="ArgumentException">A sample is empty or holds NaN.</exception>
    public static KolmogorovSmirnovResult TwoSample(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var a = Sorted(first, "first");
        var b = Sorted(second, "second");
        // The distance is a whole number of steps of 1 / lcm(n, m): no rounding can move it over a path's border.
        var divisor = (long)BigInteger.GreatestCommonDivisor(a.Length, b.Length);
        var stepA = b.Length / divisor;
        var stepB = a.Length / divisor;
        var steps = LargestGap(a, b, stepA, stepB);
        var distance = steps / ((double)stepB * b.Length);
        var p = Math.Max(a.Length, b.Length) <= LargestExactSample
            ? ExactP(a.Length, b.Length, stepA, stepB, steps)
            : AsymptoticP(distance, a.Length, b.Length);
        return new(distance, p);
    }

    private static double[] Sorted(ReadOnlySpan<double> sample, string which)
    {
        if (sample.IsEmpty)
            throw new ArgumentException($"The {which} sample is empty; the test needs at least one value.");
        var sorted = sample.ToArray();
        Array.Sort(sorted);
        // NaN sorts first.
        return double.IsNaN(sorted[0])
            ? throw new ArgumentException(
                $"The {which} sample holds NaN, which has no rank. Count such rows and leave them out.")
            : sorted;
    }

    private static long LargestGap(double[] a, double[] b, long stepA, long stepB)
    {
        var largest = 0L;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            var value = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] == value)
                i++;
            while (j < b.Length && b[j] == value)
                j++;
            largest = Math.Max(largest, Math.Abs(i * stepA - j * stepB));
        }
        return largest;
    }

    // Every order of the pooled values is a path from (0, 0) to (n, m), all equally likely. outside[j] is the share
    // of the paths to (i, j) that touch a gap of at least `steps` on the way: its average over the two points a path
    // can come from.
    private static double ExactP(int n, int m, long stepA, long stepB, long steps)
    {
        if (steps == 0)
            return 1;
        var outside = new double[m + 1];
        Array.Fill(outside, 1);
        for (var i = 0; i <= n; i++)
        {
            // |i * stepA - j * stepB| < steps  <=>  from <= j <= to
            var from = (int)Math.Max(0, (i * stepA - steps) / stepB + (i * stepA >= steps ? 1 : 0));
            var to = (int)Math.Min(m, (i * stepA + steps - 1) / stepB);
            if (from > 0)
                outside[from - 1] = 1;
            for (var j = from; j <= to; j++)
            {
                var left = j > 0 ? j * outside[j - 1] : 0;
                outside[j] = i + j == 0 ? 0 : (i * outside[j] + left) / (i + j);
            }
        }
        return outside[m];
    }

    /// <summary>The distance that chance exceeds in 5 % of all comparisons: 1.3581, the 95 % quantile of Kolmogorov's
    /// distribution, with Stephens' correction. With ties it does so less often.</summary>
    /// <param name="n">Values in the first sample, at least 1.</param>
    /// <param name="m">Values in the second, at least 1.</param>
    public static double Quantile95(long n, long m)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(m, 1);
        var root = Math.Sqrt((double)n * m / ((double)n + m));
        return Math.Min(1, 1.3580986393225505 / (root + 0.12 + 0.11 / root));
    }

    /// <summary>The p that <see cref="TwoSample"/> gives for samples too large to count.</summary>
    public static double AsymptoticP(double distance, int n, int m)
    {
        var root = Math.Sqrt((double)n * m / ((double)n + m));
        return KolmogorovSurvival((root + 0.12 + 0.11 / root) * distance);
    }

    // Two series for one function: each converges in a few terms on its side of 1.
    private static double KolmogorovSurvival(double x)
    {
        if (x <= 0)
            return 1;
        var sum = 0.0;
        if (x < 1)
        {
            for (var k = 1; k <= 5; k++)
                sum += Math.Exp(-Math.Pow((2 * k - 1) * Math.PI / x, 2) / 8);
            return 1 - Math.Sqrt(2 * Math.PI) / x * sum;
        }
        for (var k = 1; k <= 5; k++)
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2 * k * k * x * x);
        return sum;
    }
}
