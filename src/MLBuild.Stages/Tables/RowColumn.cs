using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>Moves the values of one column between rows and a <see cref="ColumnBuffer"/>.</summary>
internal abstract class RowColumn<TRow>
{
    public abstract ColumnBuffer Buffer { get; }

    /// <summary>Copies the row's value to the buffer.</summary>
    public abstract void Take(TRow row, int index);

    /// <summary>Copies the buffer's value to the row.</summary>
    public abstract void Give(int index, TRow row);

    public static RowColumn<TRow> For(Column<TRow> column) => column switch
    {
        Column<TRow, bool> c => Values(c),
        Column<TRow, bool?> c => Nullables(c),
        Column<TRow, int> c => Values(c),
        Column<TRow, int?> c => Nullables(c),
        Column<TRow, long> c => Values(c),
        Column<TRow, long?> c => Nullables(c),
        Column<TRow, double> c => Values(c),
        Column<TRow, double?> c => Nullables(c),
        Column<TRow, DateTime> c => Times(c),
        Column<TRow, DateTime?> c => NullableTimes(c),
        Column<TRow, string?> c => new Typed<string?>(new TextBuffer(c.Name, c.IsNullable), c.Get, c.Set),
        _ => throw new InvalidOperationException($"BUG: no Parquet column for column '{column}'."),
    };

    private static Typed<T> Values<T>(Column<TRow, T> column)
        where T : struct => new(new ValueBuffer<T>(column.Name), column.Get, column.Set);

    private static Typed<T?> Nullables<T>(Column<TRow, T?> column)
        where T : struct => new(new NullableBuffer<T>(column.Name), column.Get, column.Set);

    private static Typed<DateTime> Times(Column<TRow, DateTime> column) => new(
        new ValueBuffer<DateTime>(ParquetType.Timestamp(column.Name, isNullable: false)),
        row => Zoneless(column.Get(row), column.Name),
        (row, value) => column.Set(row, DateTime.SpecifyKind(value, DateTimeKind.Unspecified)));

    private static Typed<DateTime?> NullableTimes(Column<TRow, DateTime?> column) => new(
        new NullableBuffer<DateTime>(ParquetType.Timestamp(column.Name, isNullable: true)),
        row => column.Get(row) is { } value ? Zoneless(value, column.Name) : null,
        (row, value) =>
            column.Set(row, value is { } time ? DateTime.SpecifyKind(time, DateTimeKind.Unspecified) : null));

    // Parquet.Net calls every time that it reads local, and moves local times by the machine's offset in the minima and
    // maxima of row groups, though not in the values: readers that trust those would skip rows.
    private static DateTime Zoneless(DateTime value, string column) =>
        value.Ticks % TimeSpan.TicksPerMillisecond == 0
            ? DateTime.SpecifyKind(value, DateTimeKind.Unspecified)
            : throw new TableException(
                FormattableString.Invariant($"Column '{column}' holds {value:yyyy-MM-dd HH:mm:ss.fffffff}: ")
                + "a table keeps milliseconds. Round it.");

    private sealed class Typed<T>(ColumnBuffer<T> buffer, Func<TRow, T> get, Action<TRow, T> set) : RowColumn<TRow>
    {
        public override ColumnBuffer Buffer => buffer;

        public override void Take(TRow row, int index) => buffer[index] = get(row);

        public override void Give(int index, TRow row) => set(row, buffer[index]);
    }
}
