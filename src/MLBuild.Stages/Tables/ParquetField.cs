using System.Globalization;
using MLBuild.Learning.Rows;
using Parquet;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>Reads the values of one Parquet column that others wrote into a batch.</summary>
internal abstract class ParquetField<TRow>(Column<TRow> column)
{
    public Column<TRow> Column => column;

    /// <summary>What a bad value should have been, for <see cref="RowFault.Reason"/>.</summary>
    public string Expected { get; } = column.Type switch
    {
        ColumnType.DateTime => "expected a time in whole milliseconds",
        ColumnType.Decimal => $"expected a number with {DecimalScale.Digits(column.Scale)}",
        ColumnType.String =>
            "expected text without zeros, byte order mark or U+FFFD, which stands for bytes that are not UTF-8",
        _ => CsvField.ExpectedOf(column),
    };

    public abstract ValueTask ReadAsync(ParquetRowGroupReader group, int count);

    /// <summary>Sets the value at <paramref name="index"/> of the batch to that of a row of the group.</summary>
    /// <returns>False where it is no value of the column.</returns>
    public abstract bool TrySet(int index, int row);

    /// <summary>The value of a row of the group, for a message; null where it is absent.</summary>
    public abstract string? Text(int row);

    /// <returns>Null where the stored type can hold what the column cannot.</returns>
    public static ParquetField<TRow>? For(ColumnValues<TRow> values, DataField stored)
    {
        return values switch
        {
            ColumnValues<TRow, bool> v => Required(v, StoredColumn.Booleans(stored)),
            ColumnValues<TRow, bool?> v => Optional(v, StoredColumn.Booleans(stored)),
            ColumnValues<TRow, int> v => Required(v, StoredColumn.Int32s(stored)),
            ColumnValues<TRow, int?> v => Optional(v, StoredColumn.Int32s(stored)),
            ColumnValues<TRow, long> v => Required(v, StoredColumn.Int64s(stored)),
            ColumnValues<TRow, long?> v => Optional(v, StoredColumn.Int64s(stored)),
            ColumnValues<TRow, double> v => Required(v, StoredColumn.Doubles(stored), double.IsFinite),
            ColumnValues<TRow, double?> v => Optional(v, StoredColumn.Doubles(stored), double.IsFinite),
            ColumnValues<TRow, decimal> v => Required(v, StoredColumn.Decimals(stored), Fits(v.Column.Scale)),
            ColumnValues<TRow, decimal?> v => Optional(v, StoredColumn.Decimals(stored), Fits(v.Column.Scale)),
            ColumnValues<TRow, DateTime> v => Required(v, StoredColumn.Times(stored), IsWhole),
            ColumnValues<TRow, DateTime?> v => Optional(v, StoredColumn.Times(stored), IsWhole),
            ColumnValues<TRow, string?> v =>
                stored.ClrType == typeof(ReadOnlyMemory<char>) || stored.ClrType == typeof(string)
                    ? new Texts(v, stored) : null,
            _ => throw new InvalidOperationException($"BUG: no Parquet field for column '{values.Column}'."),
        };
    }

    private static ParquetField<TRow>? Required<T>(
        ColumnValues<TRow, T> values, StoredColumn<T>? stored, Func<T, bool>? isValue = null) where T : struct =>
        stored is null ? null : new RequiredValues<T>(values, stored, isValue);

    private static ParquetField<TRow>? Optional<T>(
        ColumnValues<TRow, T?> values, StoredColumn<T>? stored, Func<T, bool>? isValue = null) where T : struct =>
        stored is null ? null : new OptionalValues<T>(values, stored, isValue);

    private static Func<decimal, bool> Fits(int scale) => value => DecimalScale.Fits(value, scale);

    private static bool IsWhole(DateTime time) => time.Ticks % TimeSpan.TicksPerMillisecond == 0;

    private static string? TextOf<T>(T? value) where T : struct => value switch
    {
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString(),
    };

    private sealed class RequiredValues<T>(
        ColumnValues<TRow, T> values, StoredColumn<T> stored, Func<T, bool>? isValue)
        : ParquetField<TRow>(values.Column)
        where T : struct
    {
        public override ValueTask ReadAsync(ParquetRowGroupReader group, int count) => stored.ReadAsync(group, count);

        public override bool TrySet(int index, int row)
        {
            if (stored[row] is not { } value)
                return false;
            values.Items[index] = value;
            return isValue is null || isValue(value);
        }

        public override string? Text(int row) => TextOf(stored[row]);
    }

    private sealed class OptionalValues<T>(
        ColumnValues<TRow, T?> values, StoredColumn<T> stored, Func<T, bool>? isValue)
        : ParquetField<TRow>(values.Column)
        where T : struct
    {
        public override ValueTask ReadAsync(ParquetRowGroupReader group, int count) => stored.ReadAsync(group, count);

        public override bool TrySet(int index, int row)
        {
            var value = stored[row];
            values.Items[index] = value;
            return value is null || isValue is null || isValue(value.Value);
        }

        public override string? Text(int row) => TextOf(stored[row]);
    }

    private sealed class Texts(ColumnValues<TRow, string?> values, DataField stored) : ParquetField<TRow>(values.Column)
    {
        private readonly ParquetTexts _reader = new();
        private string?[] _texts = [];

        public override ValueTask ReadAsync(ParquetRowGroupReader group, int count)
        {
            if (_texts.Length < count)
                _texts = new string?[count];
            return _reader.ReadAsync(group, stored, _texts.AsMemory(0, count));
        }

        // The library puts U+FFFD where the bytes are not UTF-8.
        public override bool TrySet(int index, int row)
        {
            var text = _texts[row];
            values.Items[index] = text;
            return text is null
                ? Column.IsNullable
                : text.AsSpan().IndexOfAny('\0', '\uFFFD') < 0 && !text.StartsWith('\uFEFF');
        }

        public override string? Text(int row) => _texts[row] is { } text ? RowFault.Shorten(text) : null;
    }
}
