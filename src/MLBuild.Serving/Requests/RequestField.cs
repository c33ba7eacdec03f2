using System.Globalization;
using System.Text;
using System.Text.Json;
using MLBuild.Learning.Rows;

namespace MLBuild.Serving.Requests;

/// <summary>Puts the JSON value of one field into a row. A value is taken only in its own type: a number in quotes is a
/// text. Nothing is allocated for a value that is no text.</summary>
internal sealed class RequestField<TRow>
{
    // Longer than any spelling of a time.
    private const int MostTimeCharacters = 64;

    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFFF"];

    private readonly byte[] _name;
    private readonly SetValue _trySet;
    private readonly Action<TRow> _clear;

    public RequestField(Column<TRow> column)
    {
        Name = column.Name;
        _name = Encoding.UTF8.GetBytes(column.Name);
        IsRequired = !column.IsNullable;
        Expected = column.Type switch
        {
            ColumnType.Boolean => "true or false",
            ColumnType.Int32 or ColumnType.Int64 => "a whole number",
            ColumnType.Double => "a number",
            ColumnType.Decimal => FormattableString.Invariant(
                $"a number with at most {column.Scale} digits behind the point"),
            ColumnType.String => "a text",
            ColumnType.DateTime => "a time like \"2019-02-28 17:05:00\", without a zone",
            var type => throw new ArgumentException($"BUG: no JSON for columns of type {type}."),
        };
        (_trySet, _clear) = column switch
        {
            Column<TRow, bool> of => (Setter<bool>(TryBoolean, of.Set), Required),
            Column<TRow, bool?> of => (Setter<bool>(TryBoolean, (row, value) => of.Set(row, value)), Clear(of)),
            Column<TRow, int> of => (Setter<int>(TryInt32, of.Set), Required),
            Column<TRow, int?> of => (Setter<int>(TryInt32, (row, value) => of.Set(row, value)), Clear(of)),
            Column<TRow, long> of => (Setter<long>(TryInt64, of.Set), Required),
            Column<TRow, long?> of => (Setter<long>(TryInt64, (row, value) => of.Set(row, value)), Clear(of)),
            Column<TRow, double> of => (Setter<double>(TryDouble, of.Set), Required),
            Column<TRow, double?> of => (Setter<double>(TryDouble, (row, value) => of.Set(row, value)), Clear(of)),
            Column<TRow, decimal> of => (Setter<decimal>(TryDecimal(of.Scale), of.Set), Required),
            Column<TRow, decimal?> of =>
                (Setter<decimal>(TryDecimal(of.Scale), (row, value) => of.Set(row, value)), Clear(of)),
            Column<TRow, DateTime> of => (Setter<DateTime>(TryDateTime, of.Set), Required),
            Column<TRow, DateTime?> of =>
                (Setter<DateTime>(TryDateTime, (row, value) => of.Set(row, value)), Clear(of)),
            Column<TRow, string?> of => (Setter<string>(TryText, of.Set), Clear(of)),
            _ => throw new ArgumentException($"BUG: no JSON for column {column}."),
        };
    }

    private delegate bool TryRead<T>(ref Utf8JsonReader reader, out T value);

    private delegate bool SetValue(ref Utf8JsonReader reader, TRow row);

    public string Name { get; }

    /// <summary>False where the field may be absent or null.</summary>
    public bool IsRequired { get; }

    /// <summary>What its value must be, for people.</summary>
    public string Expected { get; }

    /// <summary>Whether the name that the reader is at is this field's.</summary>
    public bool IsAt(ref Utf8JsonReader reader) => reader.ValueTextEquals(_name);

    /// <summary>Sets the row's value to the one that the reader is at, or leaves it and returns false.</summary>
    public bool TrySet(ref Utf8JsonReader reader, TRow row)
    {
        if (reader.TokenType != JsonTokenType.Null)
            return _trySet(ref reader, row);
        if (IsRequired)
            return false;
        _clear(row);
        return true;
    }

    /// <summary>The row has no value here. Only of a field that is not required.</summary>
    public void Clear(TRow row) => _clear(row);

    private static Action<TRow> Clear<T>(Column<TRow, T?> column) => row => column.Set(row, default);

    private static void Required(TRow row) => throw new InvalidOperationException("BUG: a required value is absent.");

    private static SetValue Setter<T>(TryRead<T> tryRead, Action<TRow, T> set) =>
        (ref Utf8JsonReader reader, TRow row) =>
        {
            if (!tryRead(ref reader, out var value))
                return false;
            set(row, value);
            return true;
        };

    private static bool TryBoolean(ref Utf8JsonReader reader, out bool value)
    {
        value = reader.TokenType == JsonTokenType.True;
        return value || reader.TokenType == JsonTokenType.False;
    }

    private static bool TryInt32(ref Utf8JsonReader reader, out int value)
    {
        var fits = TryInt64(ref reader, out var wide) && wide is >= int.MinValue and <= int.MaxValue;
        value = fits ? (int)wide : 0;
        return fits;
    }

    // Also 4.0: tools whose whole numbers cannot be absent write a column with absent values so.
    private static bool TryInt64(ref Utf8JsonReader reader, out long value)
    {
        value = 0;
        if (reader.TokenType != JsonTokenType.Number)
            return false;
        if (reader.TryGetInt64(out value))
            return true;
        if (!reader.TryGetDecimal(out var wide) || !decimal.IsInteger(wide)
            || wide is < long.MinValue or > long.MaxValue)
            return false;
        value = (long)wide;
        return true;
    }

    // 1e999 reads as infinity.
    private static bool TryDouble(ref Utf8JsonReader reader, out double value)
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out value) && double.IsFinite(value);
    }

    private static TryRead<decimal> TryDecimal(int scale) => (ref Utf8JsonReader reader, out decimal value) =>
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out value)
            && DecimalScale.Fits(value, scale);
    };

    private static bool TryText(ref Utf8JsonReader reader, out string value)
    {
        value = "";
        return reader.TokenType == JsonTokenType.String && JsonText.TryGet(ref reader, out value);
    }

    // To the millisecond, as the column is: cutting digits off would change the value.
    private static bool TryDateTime(ref Utf8JsonReader reader, out DateTime value)
    {
        value = default;
        if (reader.TokenType != JsonTokenType.String)
            return false;
        Span<char> text = stackalloc char[MostTimeCharacters];
        return JsonText.TryCopy(ref reader, text) is var length and >= 0
            && DateTime.TryParseExact(
                text[..length], TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out value)
            && value.Ticks % TimeSpan.TicksPerMillisecond == 0;
    }
}
