using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Drift;

/// <summary>Two histograms whose rarest bins are put together until every bin is expected to hold at least five rows
/// on either side: below that the chi-square distribution is a poor approximation and single rows look like
/// drift.</summary>
/// <remarks>The rule of five: Cochran, "Some methods for strengthening the common χ² tests", Biometrics 10, 1954.
/// Which bins are rare is judged on both sides together, so that a category that only one side has is pooled no
/// sooner. A bin that has grown by more than chance ever does is compared all the same, however rare: beside a large
/// reference a category that it never had is expected in few of the current rows also where it is every tenth of them.
/// Whether it has is an exact test: the rows of a bin fall on the two sides as the sides' sizes say. Categories, which
/// have no order that could be lost, are put together further while there are too many for the rows: those that are
/// frequent enough to be compared still are.</remarks>
internal sealed record PooledBins(long[] Reference, long[] Current, int CountBeforePooling)
{
    private const int LeastExpectedRows = 5;

    /// <summary>How often a bin of any is called grown where nothing has changed: far more seldom than
    /// alarms.</summary>
    private const double ByChance = 1e-4;

    /// <param name="areTooMany">Whether so many bins are to be made fewer.</param>
    public static PooledBins From(
        ReadOnlySpan<long> reference, ReadOnlySpan<long> current, long n, long m, Func<int, bool> areTooMany)
    {
        var smallerShare = (double)Math.Min(n, m) / (n + m);
        var pairs = new List<(long Reference, long Current)>();
        for (var bin = 0; bin < reference.Length; bin++)
        {
            if (reference[bin] + current[bin] > 0)
                pairs.Add((reference[bin], current[bin]));
        }
        // A stable sort: equally rare bins keep their order, so the result does not depend on the sort's internals.
        pairs = [.. pairs.OrderBy(pair => pair.Reference + pair.Current)];

        var countBeforePooling = pairs.Count;
        var grown = pairs.Where(pair => IsRare(pair) && HasGrown(pair)).ToArray();
        pairs.RemoveAll(pair => IsRare(pair) && HasGrown(pair));
        var rare = (Reference: 0L, Current: 0L);
        var pooled = 0;
        while (pooled < pairs.Count && (IsRare(pairs[pooled]) || (pooled > 0 && IsRare(rare) && !HasGrown(rare))
            || (pairs.Count - pooled >= 2 && areTooMany(grown.Length + pairs.Count - pooled + (pooled > 0 ? 1 : 0)))))
        {
            rare = (rare.Reference + pairs[pooled].Reference, rare.Current + pairs[pooled].Current);
            pooled++;
        }
        pairs.RemoveRange(0, pooled);
        if (pooled > 0)
            pairs.Add(rare);
        pairs.AddRange(grown);
        return new(
            [.. pairs.Select(pair => pair.Reference)], [.. pairs.Select(pair => pair.Current)], countBeforePooling);

        bool IsRare((long Reference, long Current) pair) =>
            (pair.Reference + pair.Current) * smallerShare < LeastExpectedRows;

        // What is rare can only be surely more on the smaller side: none are expected there anyway.
        bool HasGrown((long Reference, long Current) pair) => BinomialDistribution.Survival(
            (n < m ? pair.Reference : pair.Current) - 1, pair.Reference + pair.Current, smallerShare)
            <= ByChance / countBeforePooling;
    }
}
