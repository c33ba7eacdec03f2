namespace MLBuild.Learning.Metrics;

/// <summary>Counts the rows that cannot be measured, each under the first thing that is wrong with it. One such row
/// leaves no metric: without it a broken model would look better than it is.</summary>
internal sealed class RowFaults
{
    public long NonFiniteCount { get; private set; }

    public long UnknownLabelCount { get; private set; }

    public long OutOfRangeCount { get; private set; }

    /// <summary>Rows that cannot be measured.</summary>
    public long Count => NonFiniteCount + UnknownLabelCount + OutOfRangeCount;

    /// <summary>Whether the row has a label of 0 or 1 and a finite score; otherwise it is counted.</summary>
    public bool AcceptScore(double label, double score)
    {
        if (!double.IsFinite(label) || !double.IsFinite(score))
            NonFiniteCount++;
        else if (label is not (0 or 1))
            UnknownLabelCount++;
        else
            return true;
        return false;
    }

    /// <summary>Whether the row has a label of 0 or 1 and a probability in 0..1; otherwise it is counted.</summary>
    public bool AcceptProbability(double label, double probability)
    {
        if (!AcceptScore(label, probability))
            return false;
        if (probability is >= 0 and <= 1)
            return true;
        OutOfRangeCount++;
        return false;
    }

    /// <summary>All rows: those that were measured and those that could not be.</summary>
    public long With(long measuredCount) => Count + measuredCount;

    /// <summary>Why there is no metric; null where nothing is wrong.</summary>
    public string? Reason(long measuredCount)
    {
        var all = With(measuredCount);
        if (all == 0)
            return "there are no rows";
        return Count == 0 ? null : string.Join("; ", Sentences(all));
    }

    private IEnumerable<string> Sentences(long all)
    {
        if (NonFiniteCount > 0)
            yield return $"{NonFiniteCount} of {all} rows have a value that is not finite";
        if (UnknownLabelCount > 0)
            yield return $"{UnknownLabelCount} of {all} rows have a label that is neither 0 nor 1";
        if (OutOfRangeCount > 0)
            yield return $"{OutOfRangeCount} of {all} rows have a probability outside 0..1";
    }
}
