using System.Text.RegularExpressions;
using MLBuild.Sources.Databases;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>What of SQLite becomes what in a table.</summary>
public sealed class ReadingSqlite : IDisposable
{
    private readonly FetchSpace _space = new();
    private readonly SqliteFile _file;

    public ReadingSqlite() => _file = new(_space["shop.db"]);

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task DeclaredTypesBecomeTypedColumns()
    {
        _file.Execute(
            """
            create table trips(
                id integer primary key, paid boolean not null, passengers int, distance real, fare decimal(10, 2),
                zone varchar(20), picked_up datetime not null, day date);
            insert into trips values
                (2, 0, null, null, null, null, '2019-02-01T10:00:00+01:00', null),
                (1, 1, 3, 1.5, 12.3, 'Queens', '2019-01-31 23:59:59.250', '2019-01-31');
            """);

        Assert.Equal(
            """
            rows 2, columns 8, row groups 1

            column      type         absent  min                     mean  max                  distinct  most frequent
            id          Int64             0  1                       1.5   2                           2  -
            paid        Boolean           0  false                   0.5   true                        2  -
            passengers  Int64?            1  3                       3     3                           1  -
            distance    Double?           1  1.5                     1.5   1.5                         1  -
            fare        Decimal(2)?       1  12.3                    12.3  12.3                        1  -
            zone        String?           1  -                       -     -                           1  -
            picked_up   DateTime          0  2019-01-31 23:59:59.25  -     2019-02-01 09:00:00         2  -
            day         DateTime?         1  2019-01-31 00:00:00     -     2019-01-31 00:00:00         1  -

            id  paid   passengers  distance  fare  zone    picked_up               day
            1   true   3           1.5       12.3  Queens  2019-01-31 23:59:59.25  2019-01-31 00:00:00
            2   false  -           -         -     -       2019-02-01 09:00:00     -

            """, await _space.Preview(_file.Table("trips", "id")));
    }

    [Fact]
    public async Task ColumnsOfAQueryHaveTheTypesOfTheirCasts()
    {
        _file.Execute("create table trips(id integer primary key, fare decimal(10, 2)); "
            + "insert into trips values (1, 2.5), (2, 3.5), (3, 10)");

        Assert.Equal(
            """
            rows 2, columns 5, row groups 1

            column  type         absent  min  mean  max  distinct  most frequent
            id      Int64?            0  1    1.5   2           2  -
            double  Double?           0  5    6     7           2  -
            name    String?           0  -    -     -           2  -
            n       Int64?            0  1    1     1           1  1 (100 %)
            exact   Decimal(8)?       0  2.5  3     3.5         2  -

            id  double  name  n  exact
            1   5       1     1  2.5
            2   7       2     1  3.5

            """, await _space.Preview(_file.Query(
                """
                select id, cast(fare * 2 as real) as double, cast(id as text) as name, cast(count(*) as integer) as n,
                    cast(fare as numeric) as exact
                from trips where id < 3 group by id -- all but one
                """, "id")));
    }

    [Fact]
    public async Task ColumnsAreChosenAndOrderedByTheOptions()
    {
        _file.Execute("create table t(\"order\" integer primary key, \"a \"\" b\" text, c blob); "
            + "insert into t values (7, 'x', x'00')");
        var options = _file.Table("t", "order") with
        {
            Content = new DatabaseContent.Table("t") { Columns = ["a \" b", "order"] },
        };

        Assert.Equal(
            """
            rows 1, columns 2, row groups 1

            column  type     absent  min  mean  max  distinct  most frequent
            a " b   String?       0  -    -     -           1  -
            order   Int64         0  7    7     7           1  -

            a " b  order
            x      7

            """, await _space.Preview(options));
    }

    [Fact]
    public async Task EqualRowsGiveEqualBytesInWhateverOrderTheyCame()
    {
        const string Create = "create table t(name text collate nocase, n integer);";
        _file.Execute(Create + "insert into t values ('b', 1), ('A', 2), ('a', 3), ('B', 4)");
        await _space.Run(FetchSpace.Whole(_file.Table("t", "name")));
        var first = _space.Bytes("Fetch", DatabaseFetchStage.Rows);
        _file.Execute("drop table t;" + Create + "insert into t values ('B', 4), ('a', 3), ('A', 2), ('b', 1); "
            + "create index i on t(name)");

        using var other = new FetchSpace();
        await other.Run(FetchSpace.Whole(_file.Table("t", "name")));

        Assert.Equal(first, other.Bytes("Fetch", DatabaseFetchStage.Rows));
    }

    [Fact]
    public async Task RowsWithOneKeyAreOrderedByAllOtherColumns()
    {
        var options = _file.Table("t", "id") with { RepeatedKeys = RepeatedKeys.Keep };
        _file.Execute("create table t(id int, a text, b real); "
            + "insert into t values (1, 'y', 1), (1, 'x', 2), (1, 'x', 1)");
        await _space.Run(FetchSpace.Whole(options));
        var first = _space.Bytes("Fetch", DatabaseFetchStage.Rows);
        _file.Execute("delete from t; insert into t values (1, 'x', 1), (1, 'y', 1), (1, 'x', 2)");

        using var other = new FetchSpace();
        await other.Run(FetchSpace.Whole(options));

        Assert.Equal(first, other.Bytes("Fetch", DatabaseFetchStage.Rows));
    }

    [Fact]
    public async Task FinerTimesAreCutOffWhereTheOptionsSaySo()
    {
        _file.Execute("create table t(id integer primary key, at datetime); "
            + "insert into t values (1, '2019-01-01 00:00:00.1239')");

        Assert.Contains("2019-01-01 00:00:00.123\n", await _space.Preview(
            _file.Table("t", "id") with { FinerTimes = FinerTimes.Truncate }));
    }

    [Fact]
    public async Task GeneratedColumnsAreColumns()
    {
        _file.Execute("create table t(id integer primary key, a int, twice int generated always as (a * 2) stored, "
            + "thrice int not null as (a * 3)); insert into t(id, a) values (1, 5)");

        Assert.EndsWith("id  a  twice  thrice\n1   5  10     15\n", await _space.Preview(_file.Table("t", "id")));
        Assert.EndsWith("id  thrice\n1   15\n", await _space.Preview(_file.Table("t", "id") with
        {
            Content = new DatabaseContent.Table("t") { Columns = ["id", "thrice"] },
        }));
    }

    [Theory]
    [InlineData("UTF-8")]
    [InlineData("UTF-16le")]
    public async Task TextOfEitherEncodingIsText(string encoding)
    {
        _file.Execute($"pragma encoding = '{encoding}'; create table t(id integer primary key, zone text); "
            + "insert into t values (1, 'Zürich 東'), (2, '')");

        Assert.Contains("1   Zürich 東\n", await _space.Preview(_file.Table("t", "id")));
    }

    [Fact]
    public async Task TheReportSaysWhereTheRowsCameFrom()
    {
        _file.Execute("create table t(id integer primary key, seen int not null); insert into t values (1, 5), (2, 7)");
        await _space.Run(FetchSpace.Whole(_file.Table("t", "id", "seen")));

        var report = Versionless(_space.Text("Fetch", DatabaseFetchStage.Report));
        Assert.Equal(
            """
            {
              "place": "SQLite file 'shop.db'",
              "server": "SQLite N",
              "isolation": "one deferred read transaction, read only",
              "content": "table 't'",
              "columns": [
                {
                  "name": "id",
                  "databaseType": "integer",
                  "type": "Int64",
                  "isNullable": false
                },
                {
                  "name": "seen",
                  "databaseType": "int",
                  "type": "Int64",
                  "isNullable": false
                }
              ],
              "key": [
                "id"
              ],
              "rows": 2,
              "state": "id integer not null, seen int not null: 2 rows, highest mark 7",
              "highWater": "seen",
              "slice": null,
              "markFrom": null,
              "repeatedKeys": 0
            }

            """, report);
        Assert.Equal("Fetch: 2 rows of table 't', 0 with a repeated key, from SQLite N",
            Versionless(string.Join('\n', _space.Log)));
    }

    [Fact]
    public async Task ReadingLeavesTheFileAsItIs()
    {
        _file.Execute("pragma journal_mode = wal; create table t(id integer primary key); insert into t values (1)");
        using var writer = _file.Open();
        SqliteFile.Execute(writer, "insert into t values (2)");
        var (bytes, log) = (Shared(_file.Path), Shared(_file.Path + "-wal"));

        await _space.Run(FetchSpace.Whole(_file.Table("t", "id")));

        Assert.Equal(bytes, Shared(_file.Path));
        Assert.Equal(log, Shared(_file.Path + "-wal"));
        Assert.NotEmpty(log);
    }

    private static string Versionless(string text) => Regex.Replace(text, "SQLite [0-9.]+", "SQLite N");

    private static byte[] Shared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
