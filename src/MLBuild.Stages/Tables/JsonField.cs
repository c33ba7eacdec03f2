using System.Text.Json;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>Reads the values of one property into a column of a batch. Nothing is converted: a number in quotes is a
/// text.</summary>
internal abstract class JsonField(string column, string expected)
{
    public string Column => column;

    /// <summary>What a bad value should have been, for <see cref="RowFault.Reason"/>.</summary>
    public string Expected => expected;

    /// <summary>The line in which the property was last seen.</summary>
    public long SeenIn { get; set; }

    public bool IsNamed(ref Utf8JsonReader reader) => reader.ValueTextEquals(column);

    /// <summary>Sets the value at <paramref name="index"/> to that of the current token.</summary>
    /// <returns>False where the token is no value of the column.</returns>
    public abstract bool TryRead(ref Utf8JsonReader reader, int index);

    /// <summary>Sets an absent value.</summary>
    /// <returns>False where the column has none.</returns>
    public abstract bool TrySetAbsent(int index);

    public static JsonField For<TRow>(ColumnValues<TRow> values) => values switch
    {
        ColumnValues<TRow, bool> v => new Required<TRow, bool>(v, TryBoolean),
        ColumnValues<TRow, bool?> v => new Optional<TRow, bool>(v, TryBoolean),
        ColumnValues<TRow, int> v => new Required<TRow, int>(v, Number<int>(FieldText.TryInt32)),
        ColumnValues<TRow, int?> v => new Optional<TRow, int>(v, Number<int>(FieldText.TryInt32)),
        ColumnValues<TRow, long> v => new Required<TRow, long>(v, Number<long>(FieldText.TryInt64)),
        ColumnValues<TRow, long?> v => new Optional<TRow, long>(v, Number<long>(FieldText.TryInt64)),
        ColumnValues<TRow, double> v => new Required<TRow, double>(v, Number<double>(FieldText.TryDouble)),
        ColumnValues<TRow, double?> v => new Optional<TRow, double>(v, Number<double>(FieldText.TryDouble)),
        ColumnValues<TRow, decimal> v =>
            new Required<TRow, decimal>(v, Number(Decimal(v.Column.Scale))),
        ColumnValues<TRow, decimal?> v =>
            new Optional<TRow, decimal>(v, Number(Decimal(v.Column.Scale))),
        ColumnValues<TRow, DateTime> v => new Required<TRow, DateTime>(v, TryDateTime),
        ColumnValues<TRow, DateTime?> v => new Optional<TRow, DateTime>(v, TryDateTime),
        ColumnValues<TRow, string?> v => new Text<TRow>(v),
        _ => throw new InvalidOperationException($"BUG: no JSON field for column '{values.Column}'."),
    };

    /// <summary>A property whose value is given, and that no line is to have.</summary>
    public static JsonField Given(string column) => new GivenElsewhere(column);

    private delegate bool TryParse<T>(ref Utf8JsonReader reader, out T value);

    private static bool TryBoolean(ref Utf8JsonReader reader, out bool value)
    {
        value = reader.TokenType == JsonTokenType.True;
        return value || reader.TokenType == JsonTokenType.False;
    }

    private static TryParse<T> Number<T>(FieldText.TryParse<T> parse) where T : struct =>
        (ref Utf8JsonReader reader, out T value) =>
        {
            value = default;
            return reader.TokenType == JsonTokenType.Number && parse(reader.ValueSpan, out value);
        };

    private static FieldText.TryParse<decimal> Decimal(int scale) =>
        (ReadOnlySpan<byte> text, out decimal value) => FieldText.TryDecimal(text, scale, out value);

    private static bool TryDateTime(ref Utf8JsonReader reader, out DateTime value)
    {
        value = default;
        if (reader.TokenType != JsonTokenType.String)
            return false;
        if (!reader.ValueIsEscaped)
            return FieldText.TryDateTime(reader.ValueSpan, out value);
        // A time of which each character is escaped is shorter.
        Span<byte> text = stackalloc byte[256];
        return reader.ValueSpan.Length <= text.Length
            && FieldText.TryDateTime(text[..reader.CopyString(text)], out value);
    }

    private sealed class GivenElsewhere(string column) : JsonField(column,
        "expected none: the file's folder gives it, as the lines that were looked at for columns do not have it")
    {
        public override bool TryRead(ref Utf8JsonReader reader, int index) => false;

        public override bool TrySetAbsent(int index) => true;
    }

    private sealed class Required<TRow, T>(ColumnValues<TRow, T> values, TryParse<T> parse)
        : JsonField(values.Column.Name, CsvField.ExpectedOf(values.Column))
        where T : struct
    {
        public override bool TryRead(ref Utf8JsonReader reader, int index) =>
            parse(ref reader, out values.Items[index]);

        public override bool TrySetAbsent(int index) => false;
    }

    private sealed class Optional<TRow, T>(ColumnValues<TRow, T?> values, TryParse<T> parse)
        : JsonField(values.Column.Name, CsvField.ExpectedOf(values.Column))
        where T : struct
    {
        public override bool TryRead(ref Utf8JsonReader reader, int index)
        {
            var isValue = parse(ref reader, out var value);
            values.Items[index] = value;
            return isValue;
        }

        public override bool TrySetAbsent(int index)
        {
            values.Items[index] = null;
            return true;
        }
    }

    private sealed class Text<TRow>(ColumnValues<TRow, string?> values)
        : JsonField(values.Column.Name, CsvField.ExpectedOf(values.Column))
    {
        private readonly TextPool _pool = new();
        private byte[] _unescaped = [];

        public override bool TryRead(ref Utf8JsonReader reader, int index)
        {
            if (reader.TokenType != JsonTokenType.String)
                return false;
            var text = reader.ValueSpan;
            if (reader.ValueIsEscaped)
            {
                if (_unescaped.Length < text.Length)
                    _unescaped = new byte[text.Length];
                // Throws where an escape is half of a pair.
                text = _unescaped.AsSpan(0, reader.CopyString(_unescaped));
            }
            if (!_pool.TryGet(text, out var value))
                return false;
            values.Items[index] = value;
            return true;
        }

        public override bool TrySetAbsent(int index)
        {
            values.Items[index] = null;
            return values.Column.IsNullable;
        }
    }
}
