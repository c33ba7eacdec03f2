using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MLBuild.Sources.Databases;

/// <summary>What SQLite's declared types become. SQLite lets every value have a type of its own, so each is looked at
/// when it is read.</summary>
internal static partial class SqliteColumns
{
    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF",
        "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];

    public static SourceColumn Of(string name, string type, string quoted, bool isNotNull)
    {
        var parts = Declaration().Match(type);
        var kind = KindOf(parts.Groups["name"].Value.ToLowerInvariant());
        return new(name, type.ToLowerInvariant(), !isNotNull, kind, quoted, $"{quoted} collate binary")
        {
            Scale = SourceColumn.ScaleOf(Number("precision"), Number("scale")),
        };

        int? Number(string group) => parts.Groups[group] is { Success: true } found
            ? int.Parse(found.Value, CultureInfo.InvariantCulture)
            : null;
    }

    public static ResultColumn Reader(SourceColumn column, int target, FinerTimes finer)
    {
        return column.Kind switch
        {
            StorageKind.Boolean => As(Flag),
            StorageKind.Int64 => As(Whole),
            StorageKind.Double => As(Real),
            StorageKind.Text => As(Text),
            StorageKind.Decimal => As((reader, i) => StoredValues.Decimal(Exact(reader, i), column.Scale)),
            StorageKind.Time => As((reader, i) => StoredValues.Time(Time(reader, i), finer)),
            _ => throw new InvalidOperationException($"BUG: column {column} cannot be read."),
        };

        ResultColumn<T> As<T>(Func<DbDataReader, int, T> get)
            where T : notnull => new(column, target, get, (table, to, value) => table.Set(to, value));
    }

    // The words that are common; others are refused rather than guessed by SQLite's rules of affinity, by which
    // "floating point" is an integer.
    private static StorageKind? KindOf(string name) => name switch
    {
        "bool" or "boolean" => StorageKind.Boolean,
        "int" or "integer" or "bigint" or "smallint" or "tinyint" or "mediumint" or "int2" or "int4" or "int8"
            or "unsigned big int" => StorageKind.Int64,
        "real" or "double" or "double precision" or "float" => StorageKind.Double,
        "num" or "numeric" or "decimal" or "money" => StorageKind.Decimal,
        "text" or "varchar" or "char" or "character" or "nchar" or "nvarchar" or "character varying"
            or "varying character" or "native character" or "clob" or "string" or "uuid" or "guid" or "json"
            or "time" => StorageKind.Text,
        "date" or "datetime" or "timestamp" => StorageKind.Time,
        _ => null,
    };

    private static bool Flag(DbDataReader reader, int ordinal) =>
        TypeOf(reader, ordinal) == raw.SQLITE_INTEGER && reader.GetInt64(ordinal) is var flag && flag is 0 or 1
            ? flag == 1
            : throw Unfit(reader, ordinal, "0 or 1");

    private static long Whole(DbDataReader reader, int ordinal) => TypeOf(reader, ordinal) == raw.SQLITE_INTEGER
        ? reader.GetInt64(ordinal)
        : throw Unfit(reader, ordinal, "a whole number");

    private static double Real(DbDataReader reader, int ordinal) =>
        TypeOf(reader, ordinal) is raw.SQLITE_FLOAT or raw.SQLITE_INTEGER
            ? reader.GetDouble(ordinal)
            : throw Unfit(reader, ordinal, "a number");

    // The provider would put U+FFFD in place of what is no UTF-8.
    private static string Text(DbDataReader reader, int ordinal)
    {
        if (TypeOf(reader, ordinal) != raw.SQLITE_TEXT)
            throw Unfit(reader, ordinal, "text");
        var row = ((SqliteDataReader)reader).Handle!;
        // To be asked first: it makes UTF-8 of what the file has in UTF-16.
        _ = raw.sqlite3_column_bytes(row, ordinal);
        var bytes = raw.sqlite3_column_blob(row, ordinal);
        return Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : throw new UnfitValueException(
                "is not text in UTF-8. Correct it, or read it as cast(hex(column) as text) in a query.");
    }

    // SQLite keeps decimals as floating point: what was meant is the shortest text that gives the same number.
    private static decimal Exact(DbDataReader reader, int ordinal)
    {
        var text = TypeOf(reader, ordinal) switch
        {
            raw.SQLITE_INTEGER => reader.GetInt64(ordinal).ToString(CultureInfo.InvariantCulture),
            raw.SQLITE_FLOAT => reader.GetDouble(ordinal).ToString("R", CultureInfo.InvariantCulture),
            raw.SQLITE_TEXT => reader.GetString(ordinal),
            _ => "",
        };
        return decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Unfit(reader, ordinal, "a number of at most 28 digits");
    }

    private static DateTime Time(DbDataReader reader, int ordinal) =>
        TypeOf(reader, ordinal) == raw.SQLITE_TEXT && DateTime.TryParseExact(
            reader.GetString(ordinal), TimeFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal, out var time)
            ? DateTime.SpecifyKind(time, DateTimeKind.Unspecified)
            : throw Unfit(reader, ordinal, "a text such as 2019-02-01 10:00:00.000");

    private static int TypeOf(DbDataReader reader, int ordinal) =>
        raw.sqlite3_column_type(((SqliteDataReader)reader).Handle!, ordinal);

    private static UnfitValueException Unfit(DbDataReader reader, int ordinal, string expected)
    {
        var value = TypeOf(reader, ordinal) switch
        {
            raw.SQLITE_BLOB => "bytes",
            raw.SQLITE_TEXT => $"the text '{Short(reader.GetString(ordinal))}'",
            _ => Short(reader.GetString(ordinal)),
        };
        return new($"is {value}, expected {expected}. Correct it, or cast the column in a query.");
    }

    private static string Short(string text) => text.Length <= 40 ? text : $"{text[..39]}…";

    [GeneratedRegex(@"^\s*(?<name>[^(]*?)\s*(?:\(\s*(?<precision>\d{1,4})\s*(?:,\s*(?<scale>\d{1,4})\s*)?\)\s*)?$")]
    private static partial Regex Declaration();
}
