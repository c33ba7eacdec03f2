using System.Data.Common;
using Npgsql.PostgresTypes;
using Npgsql.Schema;

namespace MLBuild.Sources.Databases;

/// <summary>What PostgreSQL's types become.</summary>
internal static class PostgreSqlColumns
{
    // Times come as they are stored: microseconds and days since then, of which the outermost mean infinity.
    private static readonly DateTime Epoch = new(2000, 1, 1);

    // A negative scale is stored in eleven bits.
    private const int ScaleBits = 11;

    public static SourceColumn Of(NpgsqlDbColumn column, string quoted, bool isNotNull)
    {
        var type = column.PostgresType;
        var scale = column.NumericScale is { } stored && stored >= 1 << (ScaleBits - 1)
            ? stored - (1 << ScaleBits)
            : column.NumericScale;
        var name = type.Name == "numeric" && column.NumericPrecision is { } precision
            ? FormattableString.Invariant($"numeric({precision},{scale})")
            : type.DisplayName;
        var kind = KindOf(type);
        var isText = kind == StorageKind.Text;
        // Padded with blanks, which a cast would drop.
        var expression = isText && type.Name != "character" ? $"{quoted}::text" : quoted;
        return new(column.ColumnName, name, !isNotNull, kind, expression,
            // Of a UUID the order of its bytes is that of its text, and the index of a key has it.
            isText && type.Name != "uuid" ? $"({quoted}::text) collate \"C\"" : quoted)
        {
            Scale = SourceColumn.ScaleOf(column.NumericPrecision, scale),
        };
    }

    public static ResultColumn Reader(SourceColumn column, int target, FinerTimes finer)
    {
        return column.Kind switch
        {
            StorageKind.Boolean => As((reader, i) => reader.GetBoolean(i)),
            StorageKind.Int32 => As((reader, i) => reader.GetInt32(i)),
            StorageKind.Int64 => As((reader, i) => reader.GetInt64(i)),
            StorageKind.Double => As((reader, i) => reader.GetDouble(i)),
            StorageKind.Text => As((reader, i) => reader.GetString(i)),
            StorageKind.Decimal => As((reader, i) => StoredValues.Decimal(Number(reader, i), column.Scale)),
            StorageKind.Date => As(Day),
            StorageKind.Time or StorageKind.Instant => As((reader, i) => StoredValues.Time(Time(reader, i), finer)),
            _ => throw new InvalidOperationException($"BUG: column {column} cannot be read."),
        };

        ResultColumn<T> As<T>(Func<DbDataReader, int, T> get)
            where T : notnull => new(column, target, get, (table, to, value) => table.Set(to, value));
    }

    private static StorageKind? KindOf(PostgresType type) => type switch
    {
        PostgresEnumType => StorageKind.Text,
        PostgresRangeType or PostgresMultirangeType => StorageKind.Text,
        PostgresArrayType array => KindOf(array.Element) is null ? null : StorageKind.Text,
        PostgresCompositeType => null,
        _ => type.Name switch
        {
            "boolean" => StorageKind.Boolean,
            "smallint" or "integer" => StorageKind.Int32,
            "bigint" => StorageKind.Int64,
            "real" or "double precision" => StorageKind.Double,
            "numeric" => StorageKind.Decimal,
            "date" => StorageKind.Date,
            "timestamp without time zone" => StorageKind.Time,
            "timestamp with time zone" => StorageKind.Instant,
            "text" or "character varying" or "character" or "name" or "citext"
                or "uuid" or "json" or "jsonb" or "xml" or "inet" or "cidr" or "macaddr" or "macaddr8" or "interval"
                or "time without time zone" or "time with time zone" or "bit" or "bit varying" => StorageKind.Text,
            // Binary, geometry, and types whose text depends on the server's settings.
            _ => null,
        },
    };

    private static decimal Number(DbDataReader reader, int ordinal)
    {
        try
        {
            return reader.GetDecimal(ordinal);
        }
        catch (Exception e) when (e is OverflowException or InvalidCastException)
        {
            throw new UnfitValueException(
                "is not a number, infinite, or has more than 28 digits, which no decimal holds. Round it or cast it to "
                + "double precision in a query.");
        }
    }

    private static DateTime Time(DbDataReader reader, int ordinal) =>
        reader.GetFieldValue<long>(ordinal) is var microseconds && microseconds is long.MinValue or long.MaxValue
            ? throw Infinite()
            : After(microseconds, TimeSpan.TicksPerMicrosecond);

    private static DateTime Day(DbDataReader reader, int ordinal) =>
        reader.GetFieldValue<int>(ordinal) is var days && days is int.MinValue or int.MaxValue
            ? throw Infinite()
            : After(days, TimeSpan.TicksPerDay);

    private static DateTime After(long count, long ticks)
    {
        var at = (Int128)count * ticks + Epoch.Ticks;
        return at >= DateTime.MinValue.Ticks && at <= DateTime.MaxValue.Ticks
            ? new DateTime((long)at)
            : throw new UnfitValueException(
                "is a time outside of the years 1 to 9999. Leave it out or replace it in a query.");
    }

    private static UnfitValueException Infinite() =>
        new("is infinity, which is no time. Leave it out or replace it in a query: nullif(column, 'infinity').");
}
