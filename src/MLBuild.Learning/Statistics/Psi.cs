namespace MLBuild.Learning.Statistics;

/// <summary>Population stability index: Σ (qᵢ − pᵢ) ln(qᵢ / pᵢ) over the bins of an expected (p) and an actual (q)
/// histogram, with the natural logarithm. It has no unit, is 0 for equal shares, symmetric and without an upper
/// bound.</summary>
/// <remarks>
/// It is the Kullback–Leibler divergence in both directions added up (Jeffreys 1946). A bin that is empty on one side
/// counts as half a row there (share 0.5 / rows), or the index would be infinite; a bin that is empty on both sides
/// adds nothing. What a value means depends on the number of rows: put <see cref="PsiNull"/> beside it.
/// </remarks>
public static class Psi
{
    /// <exception cref="ArgumentException">The bins differ in number, a count is negative, or one side has no
    /// rows.</exception>
    public static double FromCounts(ReadOnlySpan<long> expected, ReadOnlySpan<long> actual)
    {
        var (n, m) = Histograms.Totals(expected, actual);
        var sum = 0.0;
        for (var bin = 0; bin < expected.Length; bin++)
        {
            if (expected[bin] == 0 && actual[bin] == 0)
                continue;
            var p = Math.Max(expected[bin], 0.5) / n;
            var q = Math.Max(actual[bin], 0.5) / m;
            sum += (q - p) * Math.Log(q / p);
        }
        return sum;
    }
}

/// <summary>The population stability index that pure chance gives when both samples come from one
/// distribution.</summary>
/// <remarks>Without drift PSI / (1/n + 1/m) is close to chi-square distributed with bins − 1 degrees of freedom
/// (Yurdakul and Naranjo, "Statistical properties of the population stability index", Journal of Risk Model
/// Validation, 2020). The usual 0.1 and 0.2 ignore this: with 10 bins and 100 rows on each side chance alone exceeds
/// 0.1 in 85 % of all comparisons.
/// </remarks>
public static class PsiNull
{
    /// <summary>The value that chance exceeds in 5 % of all comparisons: χ²₀.₉₅(bins − 1) · (1/n + 1/m).</summary>
    /// <param name="bins">Bins that hold rows on at least one side; at least 1. One bin gives 0.</param>
    /// <param name="n">Rows in the expected sample, at least 1.</param>
    /// <param name="m">Rows in the actual sample, at least 1.</param>
    public static double Quantile95(int bins, long n, long m)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(m, 1);
        return bins == 1 ? 0 : ChiSquareDistribution.Quantile(0.95, bins - 1) * (1.0 / n + 1.0 / m);
    }
}
