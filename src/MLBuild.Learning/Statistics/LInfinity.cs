namespace MLBuild.Learning.Statistics;

/// <summary>L∞ distance of two histograms: max |pᵢ − qᵢ| over the shares of the bins. It lies in 0..1 and is
/// symmetric: the share of rows by which the most changed bin changed.</summary>
public static class LInfinity
{
    /// <exception cref="ArgumentException">The bins differ in number, a count is negative, or one side has no
    /// rows.</exception>
    public static double Distance(ReadOnlySpan<long> first, ReadOnlySpan<long> second)
    {
        var (n, m) = Histograms.Totals(first, second);
        var largest = 0.0;
        for (var bin = 0; bin < first.Length; bin++)
            largest = Math.Max(largest, Math.Abs((double)first[bin] / n - (double)second[bin] / m));
        return largest;
    }
}
