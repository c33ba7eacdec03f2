namespace MLBuild.Learning.Rows;

/// <summary>The values of one column in a <see cref="RowBatch{TRow}"/>, in an array that may be longer than the
/// batch.</summary>
public abstract class ColumnValues<TRow>(Column<TRow> column)
{
    public Column<TRow> Column => column;

    /// <summary>Copies the row's value to the array.</summary>
    public abstract void Take(TRow row, int index);

    /// <summary>Copies a value of the array to the row.</summary>
    public abstract void Give(int index, TRow row);

    /// <summary>Copies consecutive values of the array to one row each.</summary>
    public abstract void Give(int first, ReadOnlySpan<TRow> rows);

    /// <summary>Moves the values of the rows that are kept to the front.</summary>
    /// <param name="keep">One for each row of the batch.</param>
    public abstract void Keep(ReadOnlySpan<bool> keep);

    /// <summary>Copies values of another batch of the same row type behind the first <paramref name="count"/> of this
    /// one.</summary>
    public abstract void Append(int count, ColumnValues<TRow> from, int first, int length);

    /// <summary>Makes room for so many values; those that are there stay.</summary>
    public abstract void Reserve(int capacity);

    /// <summary>Folds the value of each of the first rows into that row's hash: equal values, equal hashes.</summary>
    public abstract void HashInto(Span<ulong> hashes);

    // Type by type: what is asked for through a generic method is compiled only when the program runs.
    internal static ColumnValues<TRow> For(Column<TRow> column) => column switch
    {
        Column<TRow, bool> c => new ColumnValues<TRow, bool>(c),
        Column<TRow, bool?> c => new ColumnValues<TRow, bool?>(c),
        Column<TRow, int> c => new ColumnValues<TRow, int>(c),
        Column<TRow, int?> c => new ColumnValues<TRow, int?>(c),
        Column<TRow, long> c => new ColumnValues<TRow, long>(c),
        Column<TRow, long?> c => new ColumnValues<TRow, long?>(c),
        Column<TRow, double> c => new ColumnValues<TRow, double>(c),
        Column<TRow, double?> c => new ColumnValues<TRow, double?>(c),
        Column<TRow, decimal> c => new ColumnValues<TRow, decimal>(c),
        Column<TRow, decimal?> c => new ColumnValues<TRow, decimal?>(c),
        Column<TRow, DateTime> c => new ColumnValues<TRow, DateTime>(c),
        Column<TRow, DateTime?> c => new ColumnValues<TRow, DateTime?>(c),
        Column<TRow, string?> c => new ColumnValues<TRow, string?>(c),
        _ => throw new InvalidOperationException($"BUG: no values for column '{column}'."),
    };
}

/// <summary>Values with their type: <typeparamref name="TValue"/> is <c>int</c> or <c>int?</c>, and so on.</summary>
public sealed class ColumnValues<TRow, TValue>(Column<TRow, TValue> column) : ColumnValues<TRow>(column)
{
    private readonly Func<TRow, TValue> _get = column.Get;
    private readonly Action<TRow, TValue> _set = column.Set;

    /// <summary>As long as the batch has room for rows.</summary>
    public TValue[] Items { get; private set; } = [];

    public override void Take(TRow row, int index) => Items[index] = _get(row);

    public override void Give(int index, TRow row) => _set(row, Items[index]);

    public override void Give(int first, ReadOnlySpan<TRow> rows)
    {
        var values = Items.AsSpan(first, rows.Length);
        for (var i = 0; i < rows.Length; i++)
            _set(rows[i], values[i]);
    }

    public override void Keep(ReadOnlySpan<bool> keep)
    {
        var items = Items.AsSpan(0, keep.Length);
        // In runs: most rows are kept.
        var kept = keep.IndexOf(false) is var first and >= 0 ? first : keep.Length;
        for (var start = kept; start < keep.Length;)
        {
            if (keep[start..].IndexOf(true) is not (var gap and >= 0))
                break;
            start += gap;
            var run = keep[start..].IndexOf(false) is var length and >= 0 ? length : keep.Length - start;
            items.Slice(start, run).CopyTo(items[kept..]);
            kept += run;
            start += run;
        }
    }

    public override void Append(int count, ColumnValues<TRow> from, int first, int length) =>
        Array.Copy(((ColumnValues<TRow, TValue>)from).Items, first, Items, count, length);

    public override void Reserve(int capacity)
    {
        if (Items.Length >= capacity)
            return;
        var items = Items;
        Array.Resize(ref items, capacity);
        Items = items;
    }

    public override void HashInto(Span<ulong> hashes)
    {
        var items = Items.AsSpan(0, hashes.Length);
        for (var i = 0; i < items.Length; i++)
            hashes[i] = ValueHash.Fold(hashes[i], items[i]);
    }
}
