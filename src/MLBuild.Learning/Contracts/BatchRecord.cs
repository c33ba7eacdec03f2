namespace MLBuild.Learning.Contracts;

/// <summary>What was measured of an accepted batch of rows: one file.</summary>
/// <param name="Name">Batches come in the order of their names.</param>
/// <param name="Content">Tells the bytes of the file, so that a renamed file is no second batch; null where nobody
/// knows.</param>
/// <param name="Rows">Accepted rows.</param>
public sealed record BatchRecord(string Name, string? Content, long Rows, IReadOnlyList<ColumnStatistics> Columns)
{
    internal ColumnStatistics? Column(string name) => Columns.FirstOrDefault(column => column.Column == name);
}

/// <summary>The accepted batches of earlier runs, in the order of their names.</summary>
public sealed record ContractHistory(IReadOnlyList<BatchRecord> Batches)
{
    public static readonly ContractHistory Empty = new([]);

    /// <summary>The history with more batches. One of the same name or content takes the place of the earlier one: a
    /// run that is repeated adds nothing.</summary>
    public ContractHistory With(IEnumerable<BatchRecord> batches)
    {
        var added = batches.ToArray();
        return new(
            [.. Without(added).Batches.Concat(added).OrderBy(batch => batch.Name, StringComparer.Ordinal)]);
    }

    internal ContractHistory Without(IEnumerable<BatchRecord> batches)
    {
        var removed = batches.ToArray();
        return new([.. Batches.Where(batch => !removed.Any(other => IsSame(batch, other)))]);
    }

    private static bool IsSame(BatchRecord one, BatchRecord other) =>
        one.Name == other.Name || (one.Content is not null && one.Content == other.Content);
}
