namespace MLBuild.Learning.Duplicates;

/// <summary>How many rows were left out, by why.</summary>
/// <param name="CancelledPairs">Pairs of rows that undo each other; both are left out.</param>
public sealed record DuplicateCounts(long Identical, long Superseded, long CancelledPairs)
{
    public static DuplicateCounts Of(IEnumerable<LeftOutRow> rows)
    {
        var counts = rows.CountBy(row => row.Reason).ToDictionary();
        return new(
            counts.GetValueOrDefault(LeftOutReason.Identical),
            counts.GetValueOrDefault(LeftOutReason.Superseded),
            counts.GetValueOrDefault(LeftOutReason.Cancelled) / 2);
    }
}
