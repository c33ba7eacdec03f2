using MLBuild.Learning.Rows;
using Parquet;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>How the values of one column of a row type are stored in Parquet.</summary>
internal abstract class RowColumn<TRow>(DataField stored)
{
    public DataField Field => stored;

    /// <summary>Writes the first <paramref name="count"/> values.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, ColumnValues<TRow> values, int count);

    /// <summary>Replaces the first <paramref name="count"/> values by those of the row group.</summary>
    public abstract ValueTask ReadAsync(
        ParquetRowGroupReader group, DataField stored, ColumnValues<TRow> values, int count);

    public static RowColumn<TRow> For(Column<TRow> column) => column switch
    {
        Column<TRow, bool> c => new Value<bool>(new DataField<bool>(c.Name)),
        Column<TRow, bool?> c => new Nullable<bool>(new DataField<bool?>(c.Name)),
        Column<TRow, int> c => new Value<int>(new DataField<int>(c.Name)),
        Column<TRow, int?> c => new Nullable<int>(new DataField<int?>(c.Name)),
        Column<TRow, long> c => new Value<long>(new DataField<long>(c.Name)),
        Column<TRow, long?> c => new Nullable<long>(new DataField<long?>(c.Name)),
        Column<TRow, double> c => new Value<double>(new DataField<double>(c.Name)),
        Column<TRow, double?> c => new Nullable<double>(new DataField<double?>(c.Name)),
        Column<TRow, decimal> c => new Value<decimal>(
            ParquetType.Decimal(c.Name, c.Scale, isNullable: false), Scaled(c)),
        Column<TRow, decimal?> c => new Nullable<decimal>(
            ParquetType.Decimal(c.Name, c.Scale, isNullable: true), Scaled(c)),
        Column<TRow, DateTime> c => new Value<DateTime>(
            ParquetType.Timestamp(c.Name, isNullable: false), time => StorableValue.Time(time, c.Name), Unspecified),
        Column<TRow, DateTime?> c => new Nullable<DateTime>(
            ParquetType.Timestamp(c.Name, isNullable: true), time => StorableValue.Time(time, c.Name), Unspecified),
        Column<TRow, string?> c => new Text(new DataField<string>(c.Name, c.IsNullable)),
        _ => throw new InvalidOperationException($"BUG: no Parquet column for column '{column}'."),
    };

    private static DateTime Unspecified(DateTime value) => DateTime.SpecifyKind(value, DateTimeKind.Unspecified);

    private static Func<decimal, decimal> Scaled(Column<TRow> column) =>
        value => StorableValue.Number(value, column.Name, column.Scale);

    /// <summary>Values that are always present.</summary>
    /// <param name="write">Makes a value fit to be written, or throws; null where each is.</param>
    /// <param name="read">Makes a value what it was before it was written; null where it is.</param>
    private sealed class Value<T>(DataField field, Func<T, T>? write = null, Func<T, T>? read = null)
        : RowColumn<TRow>(field)
        where T : struct
    {
        public override Task WriteAsync(ParquetRowGroupWriter group, ColumnValues<TRow> values, int count)
        {
            var items = ((ColumnValues<TRow, T>)values).Items.AsMemory(0, count);
            if (write is not null)
                Change(items.Span, write);
            return group.WriteAsync<T>(Field, items);
        }

        public override async ValueTask ReadAsync(
            ParquetRowGroupReader group, DataField stored, ColumnValues<TRow> values, int count)
        {
            var items = ((ColumnValues<TRow, T>)values).Items.AsMemory(0, count);
            await group.ReadAsync(stored, items);
            if (read is not null)
                Change(items.Span, read);
        }

        private static void Change(Span<T> items, Func<T, T> change)
        {
            foreach (ref var item in items)
                item = change(item);
        }
    }

    /// <summary>Values that may be absent.</summary>
    private sealed class Nullable<T>(DataField field, Func<T, T>? write = null, Func<T, T>? read = null)
        : RowColumn<TRow>(field)
        where T : struct
    {
        public override Task WriteAsync(ParquetRowGroupWriter group, ColumnValues<TRow> values, int count)
        {
            var items = ((ColumnValues<TRow, T?>)values).Items.AsMemory(0, count);
            if (write is not null)
                Change(items.Span, write);
            return group.WriteAsync<T>(Field, items);
        }

        public override async ValueTask ReadAsync(
            ParquetRowGroupReader group, DataField stored, ColumnValues<TRow> values, int count)
        {
            var items = ((ColumnValues<TRow, T?>)values).Items.AsMemory(0, count);
            await group.ReadAsync(stored, items);
            if (read is not null)
                Change(items.Span, read);
        }

        private static void Change(Span<T?> items, Func<T, T> change)
        {
            foreach (ref var item in items)
            {
                if (item is { } value)
                    item = change(value);
            }
        }
    }

    private sealed class Text(DataField field) : RowColumn<TRow>(field)
    {
        private readonly ParquetTexts _texts = new();

        public override Task WriteAsync(ParquetRowGroupWriter group, ColumnValues<TRow> values, int count) =>
            _texts.WriteAsync(group, Field, ((ColumnValues<TRow, string?>)values).Items.AsSpan(0, count));

        public override ValueTask ReadAsync(
            ParquetRowGroupReader group, DataField stored, ColumnValues<TRow> values, int count) =>
            _texts.ReadAsync(group, stored, ((ColumnValues<TRow, string?>)values).Items.AsMemory(0, count));
    }
}
