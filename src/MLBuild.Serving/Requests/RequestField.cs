using System.Globalization;
using System.Text.Json;
using MLBuild.Learning.Rows;

namespace MLBuild.Serving.Requests;

/// <summary>Puts the JSON value of one field into a row. A value is taken only in its own type: a number in quotes is a
/// text.</summary>
internal sealed class RequestField<TRow>
{
    private readonly Func<JsonElement, TRow, bool> _trySet;

    public RequestField(Column<TRow> column)
    {
        Name = column.Name;
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
        _trySet = column switch
        {
            Column<TRow, bool> of => Setter<bool>(TryBoolean, of.Set),
            Column<TRow, bool?> of => Setter<bool>(TryBoolean, (row, value) => of.Set(row, value)),
            Column<TRow, int> of => Setter<int>(TryInt32, of.Set),
            Column<TRow, int?> of => Setter<int>(TryInt32, (row, value) => of.Set(row, value)),
            Column<TRow, long> of => Setter<long>(TryInt64, of.Set),
            Column<TRow, long?> of => Setter<long>(TryInt64, (row, value) => of.Set(row, value)),
            Column<TRow, double> of => Setter<double>(TryDouble, of.Set),
            Column<TRow, double?> of => Setter<double>(TryDouble, (row, value) => of.Set(row, value)),
            Column<TRow, decimal> of => Setter<decimal>(TryDecimal(of.Scale), of.Set),
            Column<TRow, decimal?> of => Setter<decimal>(TryDecimal(of.Scale), (row, value) => of.Set(row, value)),
            Column<TRow, DateTime> of => Setter<DateTime>(TryDateTime, of.Set),
            Column<TRow, DateTime?> of => Setter<DateTime>(TryDateTime, (row, value) => of.Set(row, value)),
            Column<TRow, string?> of => Setter<string>(TryText, of.Set),
            _ => throw new ArgumentException($"BUG: no JSON for column {column}."),
        };
    }

    private delegate bool TryRead<T>(JsonElement json, out T value);

    public string Name { get; }

    /// <summary>False where the field may be absent or null.</summary>
    public bool IsRequired { get; }

    /// <summary>What its value must be, for people.</summary>
    public string Expected { get; }

    /// <summary>Sets the row's value, or leaves it and returns false.</summary>
    public bool TrySet(TRow row, JsonElement json) =>
        json.ValueKind == JsonValueKind.Null ? !IsRequired : _trySet(json, row);

    private static Func<JsonElement, TRow, bool> Setter<T>(TryRead<T> tryRead, Action<TRow, T> set) => (json, row) =>
    {
        if (!tryRead(json, out var value))
            return false;
        set(row, value);
        return true;
    };

    private static bool TryBoolean(JsonElement json, out bool value)
    {
        value = json.ValueKind == JsonValueKind.True;
        return value || json.ValueKind == JsonValueKind.False;
    }

    private static bool TryInt32(JsonElement json, out int value)
    {
        var fits = TryInt64(json, out var wide) && wide is >= int.MinValue and <= int.MaxValue;
        value = fits ? (int)wide : 0;
        return fits;
    }

    // Also 4.0: tools whose whole numbers cannot be absent write a column with absent values so.
    private static bool TryInt64(JsonElement json, out long value)
    {
        value = 0;
        if (json.ValueKind != JsonValueKind.Number)
            return false;
        if (json.TryGetInt64(out value))
            return true;
        if (!json.TryGetDecimal(out var wide) || !decimal.IsInteger(wide) || wide is < long.MinValue or > long.MaxValue)
            return false;
        value = (long)wide;
        return true;
    }

    // 1e999 reads as infinity.
    private static bool TryDouble(JsonElement json, out double value)
    {
        value = 0;
        return json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out value) && double.IsFinite(value);
    }

    private static TryRead<decimal> TryDecimal(int scale) => (JsonElement json, out decimal value) =>
    {
        value = 0;
        return json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out value)
            && DecimalScale.Fits(value, scale);
    };

    private static bool TryText(JsonElement json, out string value)
    {
        value = "";
        return json.ValueKind == JsonValueKind.String && JsonText.TryGet(json, out value);
    }

    // To the millisecond, as the column is: cutting digits off would change the value.
    private static bool TryDateTime(JsonElement json, out DateTime value)
    {
        value = default;
        return TryText(json, out var text)
            && DateTime.TryParseExact(
                text,
                ["yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFFF"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out value)
            && value.Ticks % TimeSpan.TicksPerMillisecond == 0;
    }
}
