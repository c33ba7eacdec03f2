namespace MLBuild.Learning.Statistics;

/// <summary>Checks that two histograms can be compared, so that no distance below can divide by zero or pair the
/// wrong bins.</summary>
internal static class Histograms
{
    /// <summary>The number of rows in each of two histograms over the same bins.</summary>
    /// <exception cref="ArgumentException">The bins differ in number, a count is negative, or one has no
    /// rows.</exception>
    public static (long First, long Second) Totals(ReadOnlySpan<long> first, ReadOnlySpan<long> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException(
                $"The histograms have {first.Length} and {second.Length} bins. "
                + "Count both over the same bins, zeros included.");
        return (Total(first, "first"), Total(second, "second"));
    }

    private static long Total(ReadOnlySpan<long> counts, string which)
    {
        var total = 0L;
        for (var bin = 0; bin < counts.Length; bin++)
        {
            if (counts[bin] < 0)
                throw new ArgumentException(
                    $"Bin {bin} of the {which} histogram counts {counts[bin]} rows; expected 0 or more.");
            total = checked(total + counts[bin]);
        }
        return total > 0
            ? total
            : throw new ArgumentException($"The {which} histogram has no rows; a distance needs at least one.");
    }
}
