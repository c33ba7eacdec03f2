using System.Collections.Immutable;
using System.Globalization;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Drift;

/// <summary>Distances of two distribution functions that are known at the edges of a grid: what Kolmogorov–Smirnov and
/// Wasserstein are of samples that nobody keeps. The cells of a grid are, in this order: below the first edge, between
/// the edges, above the last.</summary>
internal static class NumericGrid
{
    /// <summary>Cells between the edges, fewer where values are tied: a distance between distribution functions can be
    /// missed by no more than a cell's share, 1 %.</summary>
    public const int Cells = 100;

    private const int Simulations = 500;

    public static int CountCells(ImmutableArray<double> edges) => Math.Max(0, edges.Length - 1) + 2;

    /// <summary>The largest difference of the two distribution functions at an edge.</summary>
    public static double LargestGap(double[] gaps) => gaps.Length == 0 ? 0 : gaps.Max(Math.Abs);

    /// <summary>∫ |F − G| between the first and the last edge.</summary>
    public static double Area(double[] gaps, ImmutableArray<double> edges)
    {
        var area = 0.0;
        for (var i = 1; i < gaps.Length; i++)
        {
            var (from, to) = (gaps[i - 1], gaps[i]);
            var (sum, width) = (Math.Abs(from) + Math.Abs(to), edges[i] - edges[i - 1]);
            // Linear within a cell; where the sign changes there are two triangles.
            if (sum > 0)
                area += width * (from * to >= 0 ? sum / 2 : ((from * from) + (to * to)) / (2 * sum));
        }
        return area;
    }

    /// <summary>F − G at each edge: the first is what lies below it.</summary>
    public static double[] Gaps(ReadOnlySpan<long> first, long n, ReadOnlySpan<long> second, long m)
    {
        var gaps = new double[Math.Max(0, first.Length - 1)];
        var (f, g) = (0L, 0L);
        for (var i = 0; i < gaps.Length; i++)
        {
            f += first[i];
            g += second[i];
            gaps[i] = ((double)f / n) - ((double)g / m);
        }
        return gaps;
    }

    /// <summary>The area that chance alone exceeds in 5 % of all comparisons, divided by √(1/n + 1/m): the difference
    /// of two empirical distribution functions of one distribution is that root times a Brownian bridge (Donsker), so
    /// it is the 95 % quantile of the bridge's area over the reference.</summary>
    /// <returns>Of four digits: more would be those of one simulation, and of one processor. 0 where it is larger than
    /// numbers go.</returns>
    public static double ChanceArea(ReadOnlySpan<long> counts, ImmutableArray<double> edges)
    {
        var total = 0L;
        foreach (var count in counts)
            total += count;
        if (total == 0 || edges.Length < 2)
            return 0;
        var shares = new double[edges.Length];
        var sum = 0L;
        for (var i = 0; i < shares.Length; i++)
            shares[i] = (double)(sum += counts[i]) / total;
        var random = new SplitMix64(seed: 0);
        var (areas, bridge) = (new double[Simulations], new double[shares.Length]);
        for (var simulation = 0; simulation < Simulations; simulation++)
        {
            var (motion, before) = (0.0, 0.0);
            for (var i = 0; i < bridge.Length; i++)
            {
                motion += Math.Sqrt(shares[i] - before) * Normal(random);
                (bridge[i], before) = (motion, shares[i]);
            }
            motion += Math.Sqrt(1 - before) * Normal(random);
            for (var i = 0; i < bridge.Length; i++)
                bridge[i] -= shares[i] * motion;
            areas[simulation] = Area(bridge, edges);
        }
        Array.Sort(areas);
        var area = areas[(int)(0.95 * Simulations)];
        return !double.IsFinite(area) ? 0 : double.Parse(
            area.ToString("G4", CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture);
    }

    // Box and Muller, of which the other number is not used: it is simple, and fast enough for once a model.
    private static double Normal(SplitMix64 random) =>
        Math.Sqrt(-2 * Math.Log(1 - Uniform(random))) * Math.Cos(2 * Math.PI * Uniform(random));

    private static double Uniform(SplitMix64 random) => (random.Next() >> 11) * (1.0 / (1UL << 53));
}
