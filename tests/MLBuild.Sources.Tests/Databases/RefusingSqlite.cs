using MLBuild.Sources.Databases;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>Faults of SQLite files, each with its type and its words.</summary>
public sealed class RefusingSqlite : IDisposable
{
    private readonly FetchSpace _space = new();
    private readonly SqliteFile _file;

    public RefusingSqlite() => _file = new(_space["shop.db"]);

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task AFileThatIsMissing() => Assert.Equal(
        "Unreachable: SQLite file 'shop.db' does not exist, or is a folder. Correct Path.",
            await Fault(_file.Table("trips", "id")));

    [Fact]
    public async Task AFileThatIsNoDatabase()
    {
        File.WriteAllText(_file.Path, string.Concat(Enumerable.Repeat("id,fare\n1,2\n", 100)));

        Assert.Equal(
            "Schema: SQLite file 'shop.db' is not an SQLite database: it is something else, or encrypted. "
            + "Correct Path.",
            await Fault(_file.Table("trips", "id")));
    }

    [Fact]
    public async Task AFileThatIsDamaged()
    {
        _file.Execute("create table trips(id integer primary key, zone text); with recursive n(i) as (select 1 "
            + "union all "
            + "select i + 1 from n where i < 20000) insert into trips select i, 'zone ' || i from n");
        using (var stream = File.Open(_file.Path, FileMode.Open))
        {
            stream.Position = stream.Length / 2 / 4096 * 4096;
            stream.Write(new byte[8 * 4096]);
        }

        Assert.Equal(
            "Lost: SQLite file 'shop.db' is damaged: after 0 rows of table 'trips', database disk image is "
            + "malformed. Put a backup in its place, or rescue what is left: sqlite3 FILE .recover",
            await Fault(_file.Table("trips", "id")));
    }

    [Fact]
    public void AFileThatIsLocked()
    {
        _file.Execute("create table trips(id integer primary key)");
        using var writer = _file.Open();
        SqliteFile.Execute(writer, "begin exclusive");

        var fault = Assert.Throws<UnreachableSourceException>(() => DatabaseSession.Open(
            _file.Table("trips", "id"), null, patience: TimeSpan.FromMilliseconds(500)));

        Assert.Equal(
            "SQLite file 'shop.db' is locked: another process has been writing to it for 0.5 s. This may pass: "
            + "run the same command again, or give the stage Retries.", Text(fault));
    }

    [Fact]
    public async Task AFolder()
    {
        Directory.CreateDirectory(_file.Path);

        Assert.Equal(
            "Unreachable: SQLite file 'shop.db' does not exist, or is a folder. Correct Path.",
            await Fault(_file.Table("trips", "id")));
    }

    [Theory]
    [InlineData("trips_2019", "id",
        "Schema: SQLite file 'shop.db' has no table or view 'main.trips_2019'. Did you mean 'trip2019'? " +
        "It has: trip2019, zones.")]
    [InlineData("sales", "id",
        "Schema: SQLite file 'shop.db' has no table or view 'main.sales'. It has: trip2019, zones.")]
    [InlineData("trip2019", "key",
        "Schema: SQLite file 'shop.db', table 'trip2019' has no column 'key'. It has: id, fare.")]
    public async Task ATableOrColumnThatIsNotThere(string table, string key, string expected)
    {
        _file.Execute("create table trip2019(id integer primary key, fare real); create table zones(id int)");

        Assert.Equal(expected, await Fault(_file.Table(table, key)));
    }

    [Fact]
    public async Task ColumnsThatAreNotThereAreAllNamed()
    {
        _file.Execute("create table trips(id integer primary key, fare real, zone text)");
        var options = _file.Table("trips", "id") with
        {
            Content = new DatabaseContent.Table("trips") { Columns = ["id", "fares", "borough"] },
        };

        Assert.Equal(
            "Schema: SQLite file 'shop.db', table 'trips' has no column 'fares' (did you mean 'fare'?) and no "
            + "column 'borough'. It has: id, fare, zone.", await Fault(options));
    }

    [Theory]
    [InlineData("select id, fare from trip",
        "Schema: SQLite file 'shop.db', the query cannot be read: no such table: trip. Correct the query " +
        "or what it reads.")]
    [InlineData("select id, fare frm trips",
        "Schema: SQLite file 'shop.db', the query cannot be read: near \"trips\": syntax error. Correct " +
        "the query or what it reads.")]
    [InlineData("select id, fare, fare from trips",
        "Schema: SQLite file 'shop.db', the query has two columns 'fare'. Give each a name of its own: " +
        "select … as name.")]
    [InlineData("select id, fare * 2 as twice, x'00' as bytes from trips",
        "Schema: SQLite file 'shop.db', the query: column 'twice' is of no type, column 'bytes' is of no " +
        "type, which a table cannot keep. Leave it out, or cast it in a query: cast(column as integer), " +
        "real, numeric or text.")]
    [InlineData("delete from trips",
        "Schema: SQLite file 'shop.db', the query cannot be read: near \"delete\": syntax error. Correct " +
        "the query or what it reads.")]
    public async Task AQueryThatCannotBeRead(string query, string expected)
    {
        _file.Execute("create table trips(id integer primary key, fare real)");

        Assert.Equal(expected, await Fault(_file.Query(query, "id")));
    }

    [Theory]
    [InlineData("int", "'many'",
        "is the text 'many', expected a whole number. Correct it, or cast the column in a query.")]
    [InlineData("boolean", "2", "is 2, expected 0 or 1. Correct it, or cast the column in a query.")]
    [InlineData("real", "x'00'", "is bytes, expected a number. Correct it, or cast the column in a query.")]
    [InlineData("text", "x'00'", "is bytes, expected text. Correct it, or cast the column in a query.")]
    [InlineData("decimal", "1e20",
        "is 100000000000000000000, expected at most 20 digits before the point and 8 behind it. Round it or " +
        "cast it to another type in a query.")]
    [InlineData("decimal(4, 2)", "0.125",
        "is 0.125, expected at most 26 digits before the point and 2 behind it. Round it or cast it to " +
        "another type in a query.")]
    [InlineData("datetime", "'01.02.2019'",
        "is the text '01.02.2019', expected a text such as 2019-02-01 10:00:00.000. Correct it, or cast " +
        "the column in a query.")]
    [InlineData("datetime", "1548979200",
        "is 1548979200, expected a text such as 2019-02-01 10:00:00.000. Correct it, or cast the column " +
        "in a query.")]
    [InlineData("datetime", "'2019-02-01 10:00:00.0001'",
        "is 2019-02-01 10:00:00.0001, and a table keeps milliseconds. Set FinerTimes = " +
        "FinerTimes.Truncate, or round it in a query.")]
    public async Task AValueThatItsColumnCannotHold(string type, string value, string expected)
    {
        _file.Execute($"create table trips(id integer primary key, v {type}); insert into trips values (7, {value})");

        Assert.Equal($"Schema: SQLite file 'shop.db', table 'trips', row id = 7: column 'v' {expected}",
            await Fault(_file.Table("trips", "id")));
    }

    [Theory]
    [InlineData("int", "null, 5",
        "the high-water column 'at' is null in 1 row. Fill it, or read a query that leaves those rows " +
        "out or gives them a value.")]
    [InlineData("int", "5, 'x'",
        "the high-water column 'at' holds 'x', expected whole numbers only. Correct it, or read a query " +
        "that does.")]
    [InlineData("datetime", "'2019-01-01', '1.2.2019'",
        "the high-water column 'at' holds '1.2.2019', expected texts such as 2019-02-01 10:00:00 only. " +
        "Correct it, or read a query that does.")]
    [InlineData("text", "'2019-01-01', '2019-01-02'",
        "the high-water column 'at' is text, expected integer, or a column of times (date, datetime, " +
        "timestamp).")]
    public async Task AHighWaterColumnThatHasNoOrder(string type, string values, string expected)
    {
        var (first, second) = values.Split(", ") is [var one, var two] ? (one, two) : ("", "");
        _file.Execute($"create table trips(id integer primary key, at {type}); "
            + $"insert into trips values (1, {first}), (2, {second})");

        Assert.Equal($"Schema: SQLite file 'shop.db', table 'trips': {expected}",
            await Fault(_file.Table("trips", "id", "at")));
    }

    [Theory]
    [InlineData("v", "row id = 7")]
    [InlineData("id", "row 1 in the order of the key")]
    public async Task TextThatIsNotUtf8(string column, string row)
    {
        _file.Execute($"create table trips(id text, v text); insert into trips values ('7', 'a'); "
            + $"update trips set {column} = cast(x'4dfc6c6c6572' as text)");

        Assert.Equal(
            $"Schema: SQLite file 'shop.db', table 'trips', {row.Replace("7", "'7'")}: column '{column}' is not text "
            + "in UTF-8. Correct it, or read it as cast(hex(column) as text) in a query.",
            await Fault(_file.Table("trips", "id")));
    }

    [Theory]
    [InlineData("real")]
    [InlineData("text")]
    public async Task ANullThatItsColumnForbids(string type)
    {
        _file.Execute($"create table trips(id integer primary key, v {type}); insert into trips values (7, null); "
            + "pragma writable_schema = on; "
            + $"update sqlite_schema set sql = 'create table trips(id integer primary key, v {type} not null)'");

        Assert.Equal(
            "Schema: SQLite file 'shop.db', table 'trips', row id = 7: column 'v' is null, though it is declared not "
            + "null. Correct it, or read the table by a query, whose columns may be null.",
            await Fault(_file.Table("trips", "id")));
    }

    [Fact]
    public async Task AKeyThatIsThereTwiceOnceItIsCutOff()
    {
        _file.Execute("create table trips(at datetime, fare real); insert into trips values "
            + "('2019-02-01 10:00:00.0001', 1), ('2019-02-01 10:00:00.0002', 2)");

        Assert.StartsWith(
            "Duplicate: SQLite file 'shop.db', table 'trips': rows with a key that another row has: 1, such as "
            + "at = 2019-02-01 10:00:00. ",
            await Fault(_file.Table("trips", "at") with { FinerTimes = FinerTimes.Truncate }));
    }

    [Fact]
    public async Task AKeyThatIsThereTwice()
    {
        _file.Execute("create table trips(zone text, id int, fare real); "
            + "insert into trips values ('b', 1, 1), ('a', 1, 2), ('a', 1, 3), ('a', 1, 4), ('b', 2, 5), ('b', 1, 6)");
        var options = _file.Table("trips", "id") with { Key = ["zone", "id"] };

        Assert.Equal(
            "Duplicate: SQLite file 'shop.db', table 'trips': rows with a key that another row has: 3, such as "
            + "zone = 'a', id = 1; zone = 'b', id = 1. Correct them, name more columns in Key, or set "
            + "RepeatedKeys = RepeatedKeys.Keep and leave them to a later stage.", await Fault(options));
    }

    private async Task<string> Fault(DatabaseOptions options)
    {
        var fault = await _space.Fault(FetchSpace.Whole(options));
        return $"{FaultName.Of(fault)}: {Text(fault)}";
    }

    private string Text(Exception fault) => fault.Message.Replace(_file.Path, "shop.db");
}
