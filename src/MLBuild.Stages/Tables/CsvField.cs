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
        ColumnValues<TRow, bool> v => new Required<TRow, bool>(v, FieldText.TryBoolean),
        ColumnValues<TRow, bool?> v => new Optional<TRow, bool>(v, FieldText.TryBoolean),
        ColumnValues<TRow, int> v => new Required<TRow, int>(v, FieldText.TryInt32),
        ColumnValues<TRow, int?> v => new Optional<TRow, int>(v, FieldText.TryInt32),
        ColumnValues<TRow, long> v => new Required<TRow, long>(v, FieldText.TryInt64),
        ColumnValues<TRow, long?> v => new Optional<TRow, long>(v, FieldText.TryInt64),
        ColumnValues<TRow, double> v => new Required<TRow, double>(v, FieldText.TryDouble),
        ColumnValues<TRow, double?> v => new Optional<TRow, double>(v, FieldText.TryDouble),
        ColumnValues<TRow, decimal> v => new Required<TRow, decimal>(v, FieldText.TryDecimal(v.Column.Scale)),
        ColumnValues<TRow, decimal?> v => new Optional<TRow, decimal>(v, FieldText.TryDecimal(v.Column.Scale)),
        ColumnValues<TRow, DateTime> v => new Required<TRow, DateTime>(v, FieldText.TryDateTime),
        ColumnValues<TRow, DateTime?> v => new Optional<TRow, DateTime>(v, FieldText.TryDateTime),
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

    private sealed class Required<TRow, T>(ColumnValues<TRow, T> values, FieldText.TryParse<T> parse)
        : CsvField(values.Column.Name, ExpectedOf(values.Column))
        where T : struct
    {
        public override bool TryRead(ReadOnlySpan<byte> text, int index) => parse(text, out values.Items[index]);
    }

    private sealed class Optional<TRow, T>(ColumnValues<TRow, T?> values, FieldText.TryParse<T> parse)
        : CsvField(values.Column.Name, ExpectedOf(values.Column))
        where T : struct
    {
        public override bool TryRead(ReadOnlySpan<byte> text, int index)
        {
            if (text.IsEmpty)
            {
                values.Items[index] = null;
                return true;
            }
            if (!parse(text, out var value))
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
