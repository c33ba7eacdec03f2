using System.Globalization;

namespace MLBuild.Learning.Rows;

/// <summary>The types a column of a table can have. Nullable or not is said beside it.</summary>
public enum ColumnType
{
    Boolean,
    Int32,
    Int64,
    Double,

    /// <summary>An exact decimal number with a fixed number of digits behind the point: money.</summary>
    Decimal,

    String,

    /// <summary>A date and time without a zone, to the millisecond.</summary>
    DateTime,
}

/// <summary>Says which column of a table a property holds. The property's type is the column's type.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ColumnAttribute(string name) : Attribute
{
    /// <summary>The header in a CSV file, the field in Parquet, the key in JSON.</summary>
    public string Name => name;

    /// <summary>Of a decimal column: digits behind the point, 0 to 18, default 8. There are 20 before it at most; a
    /// value with more digits is refused, never rounded.</summary>
    public int Scale { get; init; } = DecimalScale.Default;
}

/// <summary>Which decimal numbers a column can hold.</summary>
public static class DecimalScale
{
    public const int Default = 8;
    public const int Largest = 18;

    /// <summary>Digits before and behind the point together.</summary>
    public const int Precision = 28;

    /// <summary>How many digits a column of this scale can hold, in words.</summary>
    public static string Digits(int scale) => FormattableString.Invariant(
        $"at most {Precision - scale} digits before the point and {scale} behind it");

    /// <summary>True if the number keeps its value with so many digits behind the point.</summary>
    public static bool Fits(decimal number, int scale) =>
        decimal.Round(number, scale) == number && decimal.Abs(number) < Limits[Precision - scale];

    /// <summary>The number without zeros at its end: 1.5 for 1.50, the same value.</summary>
    // Dividing by a one with every digit behind the point removes them.
    public static decimal Bare(decimal number) => number / 1.0000000000000000000000000000m;

    // Powers of ten, which bound the digits before the point.
    private static readonly decimal[] Limits = [.. Enumerable.Range(0, Precision + 1).Select(Power)];

    private static decimal Power(int exponent) =>
        Enumerable.Repeat(10m, exponent).Aggregate(1m, (product, ten) => product * ten);
}

/// <summary>One column of a row type: its name, its type, and how to read it from a row.</summary>
public abstract class Column<TRow>(string name, ColumnType type, bool isNullable)
{
    public string Name => name;

    public ColumnType Type => type;

    public bool IsNullable => isNullable;

    /// <summary>Of a decimal column: digits behind the point.</summary>
    public int Scale { get; init; } = DecimalScale.Default;

    /// <summary>True for types whose values have a mean: numbers, and booleans as 0 and 1.</summary>
    public bool IsNumeric => type is ColumnType.Boolean or ColumnType.Int32 or ColumnType.Int64 or ColumnType.Double
        or ColumnType.Decimal;

    public abstract bool IsNull(TRow row);

    /// <summary>The value as a number, or null where it is absent or the column is not numeric.</summary>
    public abstract double? Number(TRow row);

    /// <summary>The value as culture-free text (numbers round trip, dates as <c>yyyy-MM-dd HH:mm:ss.FFF</c>), or null
    /// where it is absent.</summary>
    public abstract string? Text(TRow row);

    /// <summary>Calls <paramref name="user"/> with this column's value type, without boxing a value per row.</summary>
    public abstract TResult Use<TResult>(IColumnUser<TRow, TResult> user);

    public override string ToString() => $"{name}: {type}{(isNullable ? "?" : "")}";
}

/// <summary>Code that works on a column of any value type. See <see cref="Column{TRow}.Use{TResult}"/>.</summary>
public interface IColumnUser<TRow, out TResult>
{
    TResult Use<TValue>(Column<TRow, TValue> column);
}

/// <summary>A column with its value type: <typeparamref name="TValue"/> is <c>int</c> or <c>int?</c>, and so
/// on.</summary>
public sealed class Column<TRow, TValue>(
    string name, ColumnType type, bool isNullable, Func<TRow, TValue> get, Action<TRow, TValue> set)
    : Column<TRow>(name, type, isNullable)
{
    public Func<TRow, TValue> Get => get;

    public Action<TRow, TValue> Set => set;

    public override bool IsNull(TRow row) => get(row) is null;

    public override double? Number(TRow row) => ValueNumber.TryGet(get(row), out var number) ? number : null;

    public override string? Text(TRow row) => Text(get(row));

    /// <summary>As <see cref="Column{TRow}.Text"/>, of a value.</summary>
    public static string? Text(TValue value) => value switch
    {
        null => null,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        // One value has one text, whatever the file wrote: 1.50 is 1.5.
        decimal number => DecimalScale.Bare(number).ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString(),
    };

    public override TResult Use<TResult>(IColumnUser<TRow, TResult> user) => user.Use(this);
}
