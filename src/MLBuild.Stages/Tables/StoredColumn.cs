using Parquet;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>The values of one Parquet column that others wrote, as a type that holds all of them: a row group at a
/// time.</summary>
internal abstract class StoredColumn<T>(DataField stored)
    where T : struct
{
    public DataField Field => stored;

    /// <summary>Null where it is absent.</summary>
    public abstract T? this[int index] { get; }

    public abstract ValueTask ReadAsync(ParquetRowGroupReader group, int count);
}

/// <summary>Which stored types hold which others without loss.</summary>
internal static class StoredColumn
{
    public static StoredColumn<bool>? Booleans(DataField field) => field.ClrType == typeof(bool)
        ? new Stored<bool, bool>(field, value => value) : null;

    public static StoredColumn<int>? Int32s(DataField field) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.SByte => new Stored<sbyte, int>(field, value => value),
        TypeCode.Byte => new Stored<byte, int>(field, value => value),
        TypeCode.Int16 => new Stored<short, int>(field, value => value),
        TypeCode.UInt16 => new Stored<ushort, int>(field, value => value),
        TypeCode.Int32 => new Stored<int, int>(field, value => value),
        _ => null,
    };

    public static StoredColumn<long>? Int64s(DataField field) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.UInt32 => new Stored<uint, long>(field, value => value),
        TypeCode.Int64 => new Stored<long, long>(field, value => value),
        _ => Int32s(field) is { } narrow ? new Wider<int, long>(narrow, value => value) : null,
    };

    public static StoredColumn<double>? Doubles(DataField field) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.Single => new Stored<float, double>(field, value => value),
        TypeCode.Double => new Stored<double, double>(field, value => value),
        TypeCode.UInt32 => new Stored<uint, double>(field, value => value),
        // Not 64 bits: a double holds 53.
        _ => Int32s(field) is { } narrow ? new Wider<int, double>(narrow, value => value) : null,
    };

    public static StoredColumn<decimal>? Decimals(DataField field) => field is DecimalDataField
        ? new Stored<decimal, decimal>(field, value => value)
        : Int64s(field) is { } whole ? new Wider<long, decimal>(whole, value => value) : null;

    /// <summary>Times without a zone; in another unit than milliseconds, each is looked at.</summary>
    public static StoredColumn<DateTime>? Times(DataField field) =>
        field is DateTimeDataField { DateTimeFormat: DateTimeFormat.Timestamp, IsAdjustedToUTC: false }
            ? new Stored<DateTime, DateTime>(field, time => DateTime.SpecifyKind(time, DateTimeKind.Unspecified))
            : null;

    private sealed class Stored<TStored, T>(DataField field, Func<TStored, T> convert) : StoredColumn<T>(field)
        where TStored : struct
        where T : struct
    {
        // Of a column that is never absent, Parquet.Net 6.1.0 reads some whole numbers into nullable memory one place
        // too far; so each is read into memory of its own kind.
        private readonly ValueBuffer<TStored>? _values = field.IsNullable ? null : new(field);
        private readonly NullableBuffer<TStored>? _valuesOrNone = field.IsNullable ? new(field) : null;

        public override T? this[int index] => _values is not null ? convert(_values[index])
            : _valuesOrNone![index] is { } value ? convert(value) : null;

        public override ValueTask ReadAsync(ParquetRowGroupReader group, int count) =>
            (_values ?? (ColumnBuffer)_valuesOrNone!).ReadAsync(group, Field, count);
    }

    private sealed class Wider<TStored, T>(StoredColumn<TStored> stored, Func<TStored, T> convert)
        : StoredColumn<T>(stored.Field)
        where TStored : struct
        where T : struct
    {
        public override T? this[int index] => stored[index] is { } value ? convert(value) : null;

        public override ValueTask ReadAsync(ParquetRowGroupReader group, int count) => stored.ReadAsync(group, count);
    }
}
