using System.Runtime.CompilerServices;

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

    /// <summary>Moves the values of the rows that are kept to the front.</summary>
    /// <param name="keep">One for each row of the batch.</param>
    public abstract void Keep(ReadOnlySpan<bool> keep);

    /// <summary>Copies values of another batch of the same row type behind the first <paramref name="count"/> of this
    /// one.</summary>
    public abstract void Append(int count, ColumnValues<TRow> from, int first, int length);

    /// <summary>Makes room for so many values; those that are there stay.</summary>
    public abstract void Reserve(int capacity);

    /// <summary>Folds the value of each of the first rows into that row's hash: equal values, equal hashes, in one run
    /// of a process.</summary>
    public abstract void HashInto(Span<ulong> hashes);

    internal static ColumnValues<TRow> For(Column<TRow> column) => column.Use(new Maker());

    private sealed class Maker : IColumnUser<TRow, ColumnValues<TRow>>
    {
        public ColumnValues<TRow> Use<TValue>(Column<TRow, TValue> column) => new ColumnValues<TRow, TValue>(column);
    }
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

    public override void Keep(ReadOnlySpan<bool> keep)
    {
        var kept = 0;
        for (var i = 0; i < keep.Length; i++)
        {
            if (keep[i])
                Items[kept++] = Items[i];
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
            hashes[i] = Mix(hashes[i], Bits(items[i]));
    }

    // Each branch is chosen when the code is compiled for the type, so there is none at run time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(TValue value)
    {
        if (typeof(TValue) == typeof(int))
            return (ulong)(int)(object)value!;
        if (typeof(TValue) == typeof(int?))
            return (int?)(object?)value is { } number ? (ulong)number : NoValue;
        if (typeof(TValue) == typeof(long))
            return (ulong)(long)(object)value!;
        if (typeof(TValue) == typeof(DateTime))
            return (ulong)((DateTime)(object)value!).Ticks;
        if (typeof(TValue) == typeof(double))
            return BitsOf((double)(object)value!);
        if (typeof(TValue) == typeof(double?))
            return (double?)(object?)value is { } number ? BitsOf(number) : NoValue;
        return value switch
        {
            null => NoValue,
            string text => BitsOf(text),
            // A decimal's own hash is that of its value: 1.0 and 1.00 are one.
            var other => (ulong)EqualityComparer<TValue>.Default.GetHashCode(other),
        };
    }

    private const ulong NoValue = 0x9E37_79B9_7F4A_7C15;

    // Zero and minus zero are one value, and so are all that are not a number.
    private static ulong BitsOf(double value) =>
        double.IsNaN(value) ? NoValue + 1 : BitConverter.DoubleToUInt64Bits(value + 0.0);

    private static ulong BitsOf(string text)
    {
        var hash = (ulong)text.Length;
        foreach (var c in text)
            hash = (hash ^ c) * 0xFF51_AFD7_ED55_8CCD;
        return hash;
    }

    // The finaliser of MurmurHash3, A. Appleby, public domain.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong hash, ulong bits)
    {
        hash = (hash ^ bits) * 0xC4CE_B9FE_1A85_EC53;
        hash ^= hash >> 33;
        hash *= 0xFF51_AFD7_ED55_8CCD;
        return hash ^ (hash >> 33);
    }
}
