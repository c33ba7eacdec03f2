using System.Globalization;
using MLBuild.Sources.Databases;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>Slices of tables: their names, bounds and counts.</summary>
[Collection(PostgresServer.Collection)]
public sealed class ListingSlices(PostgresServer server) : IDisposable
{
    private readonly FetchSpace _space = new();

    public void Dispose() => _space.Dispose();

    [PostgresTheory]
    [InlineData("timestamp", CalendarUnit.Day,
        "2019-01-31: from 2019-01-31 00:00:00, 1 up to 2019-01-31 23:59:59.999999 | " +
        "2019-02-01: from 2019-02-01 00:00:00, 1 up to 2019-02-01 00:00:00 | " +
        "2019-02-28: from 2019-02-28 00:00:00, 1 up to 2019-02-28 12:00:00")]
    [InlineData("timestamp", CalendarUnit.Month,
        "2019-01: from 2019-01-01 00:00:00, 1 up to 2019-01-31 23:59:59.999999 | " +
        "2019-02: from 2019-02-01 00:00:00, 2 up to 2019-02-28 12:00:00")]
    [InlineData("timestamptz", CalendarUnit.Month,
        "2019-01: from 2019-01-01 00:00:00+00, 1 up to 2019-01-31 23:59:59.999999+00 | " +
        "2019-02: from 2019-02-01 00:00:00+00, 2 up to 2019-02-28 12:00:00+00")]
    [InlineData("date", CalendarUnit.Month,
        "2019-01: from 2019-01-01 00:00:00, 1 up to 2019-01-31 | " +
        "2019-02: from 2019-02-01 00:00:00, 2 up to 2019-02-28")]
    [InlineData("date", CalendarUnit.Year, "2019: from 2019-01-01 00:00:00, 3 up to 2019-02-28")]
    public void OfPostgresByTheCalendar(string type, CalendarUnit unit, string expected)
    {
        server.Execute($"drop table if exists sliced; create table sliced(id int primary key, at {type}); "
            + "insert into sliced values (1, '2019-02-01 00:00:00'), (2, '2019-01-31 23:59:59.999999'), "
            + "(3, '2019-02-28 12:00:00')");

        Assert.Equal(
            expected, Text(server.Table("sliced", "id", "at") with { Slices = new SliceWidth.Calendar(unit) }));
    }

    [PostgresTheory]
    [InlineData("int", "-1, 0, 99, 100, 250",
        "-0000000000000000100: from -100, 1 up to -1 | 0000000000000000000: from 0, 2 up to 99 | " +
        "0000000000000000100: from 100, 1 up to 100 | 0000000000000000200: from 200, 1 up to 250")]
    [InlineData("bigint", "-9223372036854775808, 9223372036854775807",
        "-9223372036854775808: from -9223372036854775808, 1 up to -9223372036854775808 | " +
        "9223372036854775800: from 9223372036854775800, 1 up to 9223372036854775807")]
    public void OfPostgresByNumbers(string type, string marks, string expected)
    {
        server.Execute($"drop table if exists sliced; create table sliced(id {type} primary key); "
            + $"insert into sliced values {Values(marks)}");

        Assert.Equal(expected, Text(server.Table("sliced", "id", "id") with { Slices = new SliceWidth.Numbers(100) }));
    }

    [Theory]
    [InlineData(CalendarUnit.Day,
        "2018-12-31: from 2018-12-31, 1 up to 2018-12-31 23:59:59.999 | " +
        "2019-02-01: from 2019-02-01, 2 up to 2019-02-01T10:00")]
    [InlineData(CalendarUnit.Month,
        "2018-12: from 2018-12, 1 up to 2018-12-31 23:59:59.999 | " +
        "2019-02: from 2019-02, 2 up to 2019-02-01T10:00")]
    [InlineData(CalendarUnit.Year,
        "2018: from 2018, 1 up to 2018-12-31 23:59:59.999 | 2019: from 2019, 2 up to 2019-02-01T10:00")]
    public void OfSqliteByTheCalendar(CalendarUnit unit, string expected)
    {
        var file = new SqliteFile(_space["shop.db"]).Execute("create table t(id integer primary key, at datetime); "
            + "insert into t values (1, '2019-02-01'), (2, '2018-12-31 23:59:59.999'), (3, '2019-02-01T10:00')");

        Assert.Equal(expected, Text(file.Table("t", "id", "at") with { Slices = new SliceWidth.Calendar(unit) }));
    }

    [Fact]
    public void OfSqliteByNumbers()
    {
        var file = new SqliteFile(_space["shop.db"]).Execute("create table t(id integer primary key); "
            + $"insert into t values {Values("-1, 0, 99, 100, 250")}");

        Assert.Equal(
            "-0000000000000000100: from -100, 1 up to -1 | 0000000000000000000: from 0, 2 up to 99 | "
            + "0000000000000000100: from 100, 1 up to 100 | 0000000000000000200: from 200, 1 up to 250",
            Text(file.Table("t", "id", "id") with { Slices = new SliceWidth.Numbers(100) }));
    }

    [Fact]
    public void OfAnEmptyTableAreNone() => Assert.Empty(DatabaseSlices.List(
        new SqliteFile(_space["shop.db"]).Execute("create table t(id integer primary key)").Table("t", "id", "id")
            with
        { Slices = new SliceWidth.Numbers(100) }));

    [Theory]
    [InlineData("integer", true,
        "SQLite file 'shop.db', table 't': the high-water column 'at' is integer, expected a column of " +
        "times (date, datetime, timestamp) for slices by the calendar; whole numbers of seconds have " +
        "slices of numbers, 86400 for a day.")]
    [InlineData("datetime", false,
        "SQLite file 'shop.db', table 't': the high-water column 'at' is datetime, expected integer for " +
        "slices of numbers.")]
    public void OfAnotherTypeAreRefused(string type, bool byCalendar, string expected)
    {
        var file = new SqliteFile(_space["shop.db"]).Execute($"create table t(id integer primary key, at {type})");
        SliceWidth width = byCalendar ? new SliceWidth.Calendar(CalendarUnit.Day) : new SliceWidth.Numbers(5);

        var fault = Assert.Throws<SourceSchemaException>(() =>
            DatabaseSlices.List(file.Table("t", "id", "at") with { Slices = width }));

        Assert.Equal(expected, fault.Message.Replace(file.Path, "shop.db"));
    }

    [Fact]
    public void RowsWithoutAMarkBelongToNone()
    {
        var file = new SqliteFile(_space["shop.db"]).Execute("create table t(id integer primary key, at datetime); "
            + "insert into t values (1, null), (2, '2019-01-01')");

        Assert.StartsWith($"SQLite file '{file.Path}', table 't': the high-water column 'at' is null in 1 row. ",
            Assert.Throws<SourceSchemaException>(() => DatabaseSlices.List(file.Table("t", "id", "at")
                with
            { Slices = new SliceWidth.Calendar(CalendarUnit.Year) })).Message);
    }

    private static string Values(string marks) => string.Join(", ", marks.Split(", ").Select(mark => $"({mark})"));

    private static string Text(DatabaseOptions options) => string.Join(" | ", DatabaseSlices.List(options)
        .Select(slice => string.Create(CultureInfo.InvariantCulture,
            $"{slice.PartitionName}: from {slice.From}, {slice.Rows} up to {slice.HighestMark}")));
}
