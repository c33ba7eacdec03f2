using System.Collections.Immutable;
using System.Linq.Expressions;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Duplicates;

/// <summary>Where the rules about duplicates begin.</summary>
public static class DuplicateRules
{
    /// <summary>Rows with equal values in these columns are about the same thing; an absent value equals an absent
    /// one.</summary>
    /// <param name="key">Each names a column: <c>trip => trip.PickupAt</c>.</param>
    /// <exception cref="ArgumentException">There is none, or one names no column.</exception>
    public static DuplicateRules<TRow> ByKey<TRow>(params Expression<Func<TRow, object?>>[] key)
        where TRow : class, new() => key.Length > 0
        ? new([.. key.Select(column => ColumnName.Resolve<TRow>(column, $"The key of {typeof(TRow).Name}").Name)])
        : throw new ArgumentException(
            $"The key of {typeof(TRow).Name} has no column. Name those that tell one row from another.");

    /// <summary>Only rows that are equal in every column are duplicates.</summary>
    public static DuplicateRules<TRow> Exact<TRow>()
        where TRow : class, new() => new([.. RowSchema<TRow>.Instance.Columns.Select(column => column.Name)]);
}

/// <summary>What rows with the same key mean. First those that undo each other leave together, in pairs; of the others
/// one is kept. Immutable: each method returns rules with one more.</summary>
/// <remarks>It holds nothing that could change, so that a stage whose code reads it from a static field depends on its
/// initialiser alone.</remarks>
public sealed record DuplicateRules<TRow>
    where TRow : class, new()
{
    /// <summary>Rows of one key that can be asked which of them undo each other: each is compared with each.</summary>
    public const int MostOfOneKey = 20_000;

    internal DuplicateRules(ImmutableArray<string> key) => Key = key;

    /// <summary>The names of the columns that are equal in duplicates.</summary>
    public ImmutableArray<string> Key { get; }

    public IReadOnlyList<Column<TRow>> KeyColumns => [.. Key.Select(name => RowSchema<TRow>.Instance.Find(name)!)];

    /// <summary>True if two rows with one key undo each other; null where none do.</summary>
    public Func<TRow, TRow, bool>? Cancel { get; private init; }

    /// <summary>The greater is kept.</summary>
    public Comparison<TRow> Prefer { get; private init; } = (_, _) => 0;

    /// <summary>Two rows undo each other, as a charge and its refund do: neither is kept. A charge that was recorded
    /// twice needs two refunds.</summary>
    /// <param name="cancel">Symmetric and pure.</param>
    public DuplicateRules<TRow> Cancels(Func<TRow, TRow, bool> cancel) => this with { Cancel = cancel };

    /// <summary>Of rows that do not undo each other the greatest is kept, of equally great ones the first.</summary>
    public DuplicateRules<TRow> Prefers(Comparison<TRow> prefer) => this with { Prefer = prefer };

    /// <summary>The latest is kept, a correction for example; of equally late ones the first. No time is earlier than
    /// any.</summary>
    public DuplicateRules<TRow> PrefersLatest(Func<TRow, DateTime?> time) =>
        Prefers((one, other) => Nullable.Compare(time(one), time(other)));

    /// <summary>What becomes of rows whose keys may be the same.</summary>
    /// <returns>Those that are not kept, in the order of their sources.</returns>
    /// <exception cref="InvalidDataException">More than <see cref="MostOfOneKey"/> rows have one key, and rows may undo
    /// each other.</exception>
    public IReadOnlyList<LeftOutRow> Resolve(
        IEnumerable<(TRow Row, RowSource Source)> rows, CancellationToken cancel = default)
    {
        var leftOut = new List<LeftOutRow>();
        var key = KeyColumns;
        // Rows are brought here by a hash of their key: only the values themselves tell.
        foreach (var group in rows.GroupBy(row => KeyText.Of(key, row.Row), StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            var left = group.OrderBy(row => row.Source).ToList();
            if (Cancel is not null)
                TakeCancelled(Cancel, left, leftOut, cancel);
            if (left.Count < 2)
                continue;
            var kept = left[0];
            foreach (var row in left.Skip(1))
                kept = Prefer(row.Row, kept.Row) > 0 ? row : kept;
            leftOut.AddRange(left.Where(row => row.Source != kept.Source).Select(row => new LeftOutRow(row.Source,
                AreEqual(row.Row, kept.Row) ? LeftOutReason.Identical : LeftOutReason.Superseded, kept.Source)));
        }
        return [.. leftOut.OrderBy(row => row.Source)];
    }

    private void TakeCancelled(
        Func<TRow, TRow, bool> cancels,
        List<(TRow Row, RowSource Source)> group,
        List<LeftOutRow> leftOut,
        CancellationToken cancel)
    {
        if (group.Count > MostOfOneKey)
            throw new InvalidDataException(
                $"{Figures.Count(group.Count)} rows of {typeof(TRow).Name} have one key ({string.Join(", ", Key)}), "
                + $"the first is {group[0].Source}. Which of them undo each other is found for at most "
                + $"{Figures.Count(MostOfOneKey)}. Name columns that tell one row from another, or remove the "
                + "repetition at the source.");
        for (var first = 0; first < group.Count; first++)
        {
            cancel.ThrowIfCancellationRequested();
            var one = group[first];
            var second = group.FindIndex(first + 1, other => cancels(one.Row, other.Row));
            if (second < 0)
                continue;
            leftOut.Add(new(one.Source, LeftOutReason.Cancelled, group[second].Source));
            leftOut.Add(new(group[second].Source, LeftOutReason.Cancelled, one.Source));
            group.RemoveAt(second);
            group.RemoveAt(first--);
        }
    }

    private static bool AreEqual(TRow one, TRow other) =>
        KeyText.Of(RowSchema<TRow>.Instance.Columns, one) == KeyText.Of(RowSchema<TRow>.Instance.Columns, other);
}
