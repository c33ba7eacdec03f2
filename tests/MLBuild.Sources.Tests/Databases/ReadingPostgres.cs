using MLBuild.Learning.Rows;
using MLBuild.Sources.Databases;
using MLBuild.Stages.Tables;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>What of PostgreSQL becomes what in a table.</summary>
[Collection(PostgresServer.Collection)]
public sealed class ReadingPostgres(PostgresServer server) : IDisposable
{
    private readonly FetchSpace _space = new();

    public void Dispose() => _space.Dispose();

    [PostgresFact]
    public async Task TypesBecomeTypedColumns()
    {
        server.Execute(
            """
            create type mood as enum ('sad', 'glad');
            create domain cents as numeric(10, 2);
            create table types(
                id bigint primary key, flag boolean not null, small smallint, whole integer, f real, d double precision,
                money numeric(10, 2), free numeric, thousands numeric(5, -3), tiny numeric(2, 5), cents cents,
                t text, v varchar(10), c char(3), m mood,
                day date, local timestamp, instant timestamptz not null);
            insert into types values
                (2, false, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                    '2019-02-01 00:30:00+01'),
                (1, true, -7, 5, 0.5, 0.1, 12.30, 0.00000001, 12345, 0.00012, 3, 'ü', 'v', 'c', 'glad', '1969-12-31',
                    '2019-02-01 23:59:59.999', '2019-02-01 10:00:00.5-05');
            """);

        Assert.Equal(
            """
            rows 2, columns 18, row groups 1

            column     type         absent  min                      mean     max                      distinct  most frequent
            id         Int64             0  1                        1.5      2                               2  -
            flag       Boolean           0  false                    0.5      true                            2  -
            small      Int32?            1  -7                       -7       -7                              1  -
            whole      Int32?            1  5                        5        5                               1  -
            f          Double?           1  0.5                      0.5      0.5                             1  -
            d          Double?           1  0.1                      0.1      0.1                             1  -
            money      Decimal(2)?       1  12.3                     12.3     12.3                            1  -
            free       Decimal(8)?       1  0.00000001               1E-08    0.00000001                      1  -
            thousands  Decimal(0)?       1  12000                    12000    12000                           1  -
            tiny       Decimal(5)?       1  0.00012                  0.00012  0.00012                         1  -
            cents      Decimal(2)?       1  3                        3        3                               1  -
            t          String?           1  -                        -        -                               1  -
            v          String?           1  -                        -        -                               1  -
            c          String?           1  -                        -        -                               1  -
            m          String?           1  -                        -        -                               1  -
            day        DateTime?         1  1969-12-31 00:00:00      -        1969-12-31 00:00:00             1  -
            local      DateTime?         1  2019-02-01 23:59:59.999  -        2019-02-01 23:59:59.999         1  -
            instant    DateTime          0  2019-01-31 23:30:00      -        2019-02-01 15:00:00.5           2  -

            id  flag   small  whole  f    d    money  free        thousands  tiny     cents  t  v  c    m     day                  local                    instant
            1   true   -7     5      0.5  0.1  12.3   0.00000001  12000      0.00012  3      ü  v  c    glad  1969-12-31 00:00:00  2019-02-01 23:59:59.999  2019-02-01 15:00:00.5
            2   false  -      -      -    -    -      -           -          -        -      -  -  -    -     -                    -                        2019-01-31 23:30:00

            """, await _space.Preview(server.Table("types", "id")));
    }

    [PostgresFact]
    public async Task ARowTypeReadsWhatWasFetched()
    {
        server.Execute("create table trips(id bigint primary key, fare numeric(10, 2), at timestamptz not null, "
            + "zone text); insert into trips values (1, 12.3, '2019-02-01 00:00:00+00', null)");
        await _space.Run(FetchSpace.Whole(server.Table("trips", "id")));

        var row = Assert.Single(RowTable.Read<Trip>(_space.Output("Fetch", DatabaseFetchStage.Rows)));

        Assert.Equal(
            (1L, 12.3m, new DateTime(2019, 2, 1), null, DatabaseFetchStage.Rows, 1L),
            (row.Row.Id, row.Row.Fare, row.Row.At, row.Row.Zone, row.File, row.Line));
    }

    [PostgresFact]
    public async Task OtherTypesBecomeTheTextThatPostgresGivesThem()
    {
        server.Execute(
            """
            create table texts(
                id uuid primary key, j json, jb jsonb, a int[], at timestamptz[], i inet, iv interval, tod time,
                r int4range, b bit(3));
            insert into texts values (
                '6ba7b810-9dad-11d1-80b4-00c04fd430c8', '{"b": 1,  "a": 2}', '{"b": 1,  "a": 2}', '{1,null,2}',
                '{2019-02-01 00:00:00+01}', '10.0.0.1', '1 day 02:00', '10:00', '[1,5)', '101');
            """);

        Assert.Equal(
            """
            rows 1, columns 10, row groups 1

            column  type     absent  min  mean  max  distinct  most frequent
            id      String        0  -    -     -           1  -
            j       String?       0  -    -     -           1  -
            jb      String?       0  -    -     -           1  -
            a       String?       0  -    -     -           1  -
            at      String?       0  -    -     -           1  -
            i       String?       0  -    -     -           1  -
            iv      String?       0  -    -     -           1  -
            tod     String?       0  -    -     -           1  -
            r       String?       0  -    -     -           1  -
            b       String?       0  -    -     -           1  -

            id                                    j                  jb                a           at                          i            iv              tod       r      b
            6ba7b810-9dad-11d1-80b4-00c04fd430c8  {"b": 1,  "a": 2}  {"a": 2, "b": 1}  {1,NULL,2}  {"2019-01-31 23:00:00+00"}  10.0.0.1/32  1 day 02:00:00  10:00:00  [1,5)  101

            """, await _space.Preview(server.Table("texts", "id")));
    }

    [PostgresFact]
    public async Task ColumnsOfAQueryMayBeNull()
    {
        server.Execute("create table zones(id int primary key, name text not null); insert into zones values (1, 'Q')");

        Assert.Equal(
            """
            rows 2, columns 5, row groups 1

            column  type         absent  min  mean  max  distinct  most frequent
            id      Int32?            0  1    1.5   2           2  -
            name    String?           1  -    -     -           1  -
            colon   String?           0  -    -     -           1  :x (100 %)
            all     Int64?            0  2    2     2           1  2 (100 %)
            half    Decimal(8)?       0  1.5  2.25  3           2  -

            id  name  colon  all  half
            1   Q     :x     2    1.5
            2   -     :x     2    3

            """, await _space.Preview(server.Query(
                """
                select n as id, z.name, ':x' as colon, count(*) over () as "all", n * 1.5 as half
                from generate_series(1, 2) n left join zones z on z.id = n -- outer
                """, "id")));
    }

    [PostgresFact]
    public async Task ColumnsAreChosenAndOrderedByTheOptions()
    {
        server.Execute("create schema \"My Schema\"; create table \"My Schema\".\"Ta\"\"ble\"(\"ID\" int primary key, "
            + "\"a \"\" b\" text, c bytea); insert into \"My Schema\".\"Ta\"\"ble\" values (7, 'x', '\\x00')");
        var options = server.Table("", "ID") with
        {
            Content = new DatabaseContent.Table("Ta\"ble") { Schema = "My Schema", Columns = ["a \" b", "ID"] },
        };

        Assert.Equal(
            """
            rows 1, columns 2, row groups 1

            column  type     absent  min  mean  max  distinct  most frequent
            a " b   String?       0  -    -     -           1  -
            ID      Int32         0  7    7     7           1  -

            a " b  ID
            x      7

            """, await _space.Preview(options));
    }

    [PostgresFact]
    public async Task EqualRowsGiveEqualBytesWhateverTheDatabasesLocale()
    {
        const string Rows = "create table words(word text primary key, n int);";
        server.Execute(Rows + "insert into words values ('b', 1), ('A', 2), ('a', 3), ('B', 4), ('ä', 5)");
        await _space.Run(FetchSpace.Whole(server.Table("words", "word")));
        var first = _space.Bytes("Fetch", DatabaseFetchStage.Rows);
        server.Execute("drop table words; create table words(word text collate \"en-x-icu\" primary key, n int); "
            + "insert into words values ('ä', 5), ('B', 4), ('a', 3), ('A', 2), ('b', 1)");

        using var other = new FetchSpace();
        await other.Run(FetchSpace.Whole(server.Table("words", "word")));

        Assert.Equal(first, other.Bytes("Fetch", DatabaseFetchStage.Rows));
    }

    [PostgresFact]
    public async Task TextsDoNotDependOnTheUsersSettings()
    {
        server.Execute("create table settings(id int primary key, at timestamptz[], f double precision[]); "
            + "insert into settings values (1, '{2019-02-01 00:00:00+00}', '{0.1}')");
        var options = server.Table("settings", "id");
        var expected = await _space.Preview(options);
        var user = server.User("datestyle = 'German'");
        server.Execute($"alter role {user} set timezone = 'Asia/Tokyo'; alter role {user} set extra_float_digits = -5; "
            + $"grant select on settings to {user}");

        using var other = new FetchSpace();
        Assert.Equal(expected, await other.Preview(options with { Place = server.Place with { User = user } }));
    }

    [PostgresFact]
    public async Task FinerTimesAreCutOffWhereTheOptionsSaySo()
    {
        server.Execute("create table finer(id int primary key, at timestamp); "
            + "insert into finer values (1, '1960-01-01 00:00:00.123999')");

        Assert.Contains("1960-01-01 00:00:00.123\n", await _space.Preview(
            server.Table("finer", "id") with { FinerTimes = FinerTimes.Truncate }));
    }

    [PostgresFact]
    public async Task TheReportSaysWhereTheRowsCameFrom()
    {
        server.Execute("create table seen(id int primary key, at timestamptz not null, fare numeric(6, 2)); "
            + "insert into seen values (1, '2019-02-01 00:00:00.000001+00', 1), (2, '2019-01-01 00:00:00+00', 2)");
        await _space.Run(FetchSpace.Whole(server.Table("seen", "id", "at") with { FinerTimes = FinerTimes.Truncate }));

        var report = _space.Text("Fetch", DatabaseFetchStage.Report).Replace(server.Label, "HERE");
        Assert.Equal(
            """
            {
              "place": "HERE",
              "server": "PostgreSQL N",
              "isolation": "repeatable read, read only",
              "content": "table 'seen'",
              "columns": [
                {
                  "name": "id",
                  "databaseType": "integer",
                  "type": "Int32",
                  "isNullable": false
                },
                {
                  "name": "at",
                  "databaseType": "timestamp with time zone",
                  "type": "DateTime",
                  "isNullable": false
                },
                {
                  "name": "fare",
                  "databaseType": "numeric(6,2)",
                  "type": "Decimal(2)",
                  "isNullable": true
                }
              ],
              "key": [
                "id"
              ],
              "rows": 2,
              "state": "id integer not null, at timestamp with time zone not null, fare numeric(6,2): 2 rows, highest mark 2019-02-01 00:00:00.000001+00",
              "highWater": "at",
              "slice": null,
              "markFrom": null,
              "repeatedKeys": 0
            }

            """, System.Text.RegularExpressions.Regex.Replace(report, "PostgreSQL [0-9.]+", "PostgreSQL N"));
    }

    private sealed record Trip
    {
        [Column("zone")] public string? Zone { get; set; }
        [Column("id")] public long Id { get; set; }
        [Column("fare", Scale = 2)] public decimal? Fare { get; set; }
        [Column("at")] public DateTime At { get; set; }
    }
}
