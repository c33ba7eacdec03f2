using MLBuild.Learning.Rows;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>Names for the types of Parquet columns: one can be read as another if their names are equal.</summary>
internal static class ParquetType
{
    /// <summary>A time without a zone, to the millisecond. Not microseconds: Parquet.Net 6.1.0 writes wrong row-group
    /// minima and maxima for those, and readers that trust them skip rows.</summary>
    public static DataField Timestamp(string name, bool isNullable) =>
        new DateTimeDataField(
            name, DateTimeFormat.Timestamp, isAdjustedToUTC: false, DateTimeTimeUnit.Millis, isNullable);

    /// <summary>An exact decimal number with so many digits behind the point.</summary>
    public static DataField Decimal(string name, int scale, bool isNullable) =>
        new DecimalDataField(name, DecimalScale.Precision, scale, isNullable: isNullable);

    /// <summary><c>Double</c>, <c>String?</c> where values may be absent, <c>Int32[]</c> where there are several.
    /// </summary>
    public static string Name(DataField field) =>
        $"{Bare(field)}{(field.MaxRepetitionLevel > 0 ? "[]" : "")}{(field.IsNullable ? "?" : "")}";

    private static string Bare(DataField field) => field switch
    {
        // Not Equals: it ignores unit and zone.
        DateTimeDataField time => (time.DateTimeFormat, time.Unit, time.IsAdjustedToUTC) switch
        {
            (DateTimeFormat.Timestamp, DateTimeTimeUnit.Millis, false) => "DateTime",
            (DateTimeFormat.Date, _, _) => "Date",
            var (format, unit, isUtc) => $"DateTime({format} {unit}{(isUtc ? " UTC" : "")})",
        },
        DecimalDataField number => FormattableString.Invariant($"Decimal({number.Scale})"),
        _ when field.ClrType == typeof(ReadOnlyMemory<char>) => "String",
        _ when field.ClrType == typeof(ReadOnlyMemory<byte>) => "Bytes",
        _ => field.ClrType.Name,
    };
}
