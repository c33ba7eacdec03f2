namespace MLBuild.Learning.Statistics;

/// <summary>What the chi-square test of two histograms found.</summary>
/// <param name="Statistic">Σ (observed − expected)² / expected over all cells.</param>
/// <param name="DegreesOfFreedom">Bins that hold rows, minus 1. With 0 there is nothing to compare and p is
/// 1.</param>
/// <param name="PValue">The probability of a statistic at least this large when both samples have one
/// distribution.</param>
public readonly record struct ChiSquareResult(double Statistic, int DegreesOfFreedom, double PValue);

/// <summary>Pearson's chi-square test of homogeneity: do two histograms come from one distribution?</summary>
/// <remarks>
/// Both sides are treated as samples. A goodness-of-fit test against the reference's shares would treat the reference
/// as exact and raise several times as many false alarms. Expected counts come from the pooled shares; no continuity
/// correction; bins that are empty on both sides are left out. The p is an approximation: pool bins that are expected
/// to hold fewer than 5 rows (Cochran 1954). Source: Pearson 1900, as in any text on contingency tables.
/// </remarks>
public static class ChiSquareTest
{
    /// <exception cref="ArgumentException">The bins differ in number, a count is negative, or one side has no
    /// rows.</exception>
    public static ChiSquareResult TwoSample(ReadOnlySpan<long> first, ReadOnlySpan<long> second)
    {
        var (n, m) = Histograms.Totals(first, second);
        var shareOfFirst = n / ((double)n + m);
        var statistic = 0.0;
        var bins = 0;
        for (var bin = 0; bin < first.Length; bin++)
        {
            var both = (double)first[bin] + second[bin];
            if (both == 0)
                continue;
            bins++;
            // Both cells of a bin miss their expected count by the same number of rows.
            var miss = first[bin] - both * shareOfFirst;
            statistic += miss * miss / (both * shareOfFirst * (1 - shareOfFirst));
        }
        return bins == 1
            ? new(Statistic: 0, DegreesOfFreedom: 0, PValue: 1)
            : new(statistic, bins - 1, ChiSquareDistribution.Survival(statistic, bins - 1));
    }
}
