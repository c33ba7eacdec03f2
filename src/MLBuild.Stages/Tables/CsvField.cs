using System.Text;
using System.Text.Unicode;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>Reads the text of one column into a batch.</summary>
internal abstract class CsvField(string column, string expected)
{
    public string Column => column;

    /// <summary>What a bad value should have been, for <see cref="RowFault.Reason"/>.</summary>
    public string Expected => expected;

    /// <summary>Sets the value at <paramref name="index"/>. An empty text is an absent value.</summary>
    /// <returns>False where the text is no value of the column.</returns>
    public abstract bool TryRead(ReadOnlySpan<byte> text, int index);

    public static CsvField For<TRow>(ColumnValues<TRow> values, RowFormat rows) => values switch
    {
        ColumnValues<TRow, bool> v => new Required<TRow, bool, BooleanText>(v, default),
        ColumnValues<TRow, bool?> v => new Optional<TRow, bool, BooleanText>(v, default),
        ColumnValues<TRow, int> v => new Required<TRow, int, Int32Text>(v, default),
        ColumnValues<TRow, int?> v => new Optional<TRow, int, Int32Text>(v, default),
        ColumnValues<TRow, long> v => new Required<TRow, long, Int64Text>(v, default),
        ColumnValues<TRow, long?> v => new Optional<TRow, long, Int64Text>(v, default),
        ColumnValues<TRow, double> v => new Required<TRow, double, DoubleText>(v, default),
        ColumnValues<TRow, double?> v => new Optional<TRow, double, DoubleText>(v, default),
        ColumnValues<TRow, decimal> v => new Required<TRow, decimal, DecimalText>(v, new(v.Column.Scale)),
        ColumnValues<TRow, decimal?> v => new Optional<TRow, decimal, DecimalText>(v, new(v.Column.Scale)),
        ColumnValues<TRow, DateTime> v => new Required<TRow, DateTime, DateTimeText>(v, default),
        ColumnValues<TRow, DateTime?> v => new Optional<TRow, DateTime, DateTimeText>(v, default),
        ColumnValues<TRow, string?> v when rows == RowFormat.Tsv => new BareText<TRow>(v),
        ColumnValues<TRow, string?> v => new Text<TRow>(v),
        _ => throw new InvalidOperationException($"BUG: no CSV field for column '{values.Column}'."),
    };

    /// <summary>What a value of the column must be, in words.</summary>
    public static string ExpectedOf<TRow>(Column<TRow> column) => column.Type switch
    {
        ColumnType.Boolean => "expected true or false",
        ColumnType.Int32 => "expected a whole number of 32 bits",
        ColumnType.Int64 => "expected a whole number of 64 bits",
        ColumnType.Double => "expected a finite number",
        ColumnType.Decimal => $"expected a number with {DecimalScale.Digits(column.Scale)}, without an exponent",
        ColumnType.String => ExpectedText,
        ColumnType.DateTime => "expected a time as yyyy-MM-dd HH:mm:ss",
        _ => throw new InvalidOperationException($"BUG: no CSV field for a column of type {column.Type}."),
    };

    private const string ExpectedText = "expected text in UTF-8 without zeros or byte order mark";

    /// <summary>How the text of a value is read: a struct, so that the loop over millions of fields is compiled with
    /// the reading in it.</summary>
    private interface IReadText<T>
    {
        bool TryRead(ReadOnlySpan<byte> text, out T value);
    }

    private readonly struct BooleanText : IReadText<bool>
    {
        public bool TryRead(ReadOnlySpan<byte> text, out bool value) => FieldText.TryBoolean(text, out value);
    }

    private readonly struct Int32Text : IReadText<int>
    {
        public bool TryRead(ReadOnlySpan<byte> text, out int value) => FieldText.TryInt32(text, out value);
    }

    private readonly struct Int64Text : IReadText<long>
    {
        public bool TryRead(ReadOnlySpan<byte> text, out long value) => FieldText.TryInt64(text, out value);
    }

    private readonly struct DoubleText : IReadText<double>
    {
        public bool TryRead(ReadOnlySpan<byte> text, out double value) => FieldText.TryDouble(text, out value);
    }

    private readonly struct DecimalText(int scale) : IReadText<decimal>
    {
        public bool TryRead(ReadOnlySpan<byte> text, out decimal value) =>
            FieldText.TryDecimal(text, scale, out value);
    }

    private readonly struct DateTimeText : IReadText<DateTime>
    {
        public bool TryRead(ReadOnlySpan<byte> text, out DateTime value) => FieldText.TryDateTime(text, out value);
    }

    private sealed class Required<TRow, T, TText>(ColumnValues<TRow, T> values, TText reading)
        : CsvField(values.Column.Name, ExpectedOf(values.Column))
        where T : struct
        where TText : struct, IReadText<T>
    {
        public override bool TryRead(ReadOnlySpan<byte> text, int index) =>
            reading.TryRead(text, out values.Items[index]);
    }

    private sealed class Optional<TRow, T, TText>(ColumnValues<TRow, T?> values, TText reading)
        : CsvField(values.Column.Name, ExpectedOf(values.Column))
        where T : struct
        where TText : struct, IReadText<T>
    {
        public override bool TryRead(ReadOnlySpan<byte> text, int index)
        {
            if (text.IsEmpty)
            {
                values.Items[index] = null;
                return true;
            }
            if (!reading.TryRead(text, out var value))
                return false;
            values.Items[index] = value;
            return true;
        }
    }

    private class Text<TRow>(ColumnValues<TRow, string?> values, string? expected = null)
        : CsvField(values.Column.Name, expected ?? ExpectedOf(values.Column))
    {
        private readonly bool _isNullable = values.Column.IsNullable;
        private readonly TextPool _pool = new();

        public override bool TryRead(ReadOnlySpan<byte> text, int index)
        {
            if (text.IsEmpty)
            {
                values.Items[index] = null;
                return _isNullable;
            }
            if (!_pool.TryGet(text, out var value))
                return false;
            values.Items[index] = value;
            return true;
        }
    }

    /// <summary>A text that neither quotes nor an escape may stand for.</summary>
    private sealed class BareText<TRow>(ColumnValues<TRow, string?> values)
        : Text<TRow>(values, $"{ExpectedText}, neither in quotes nor escaped")
    {
        public override bool TryRead(ReadOnlySpan<byte> text, int index) =>
            !(text is [(byte)'"', .., (byte)'"'] || text.SequenceEqual("\\N"u8)) && base.TryRead(text, index);
    }
}
