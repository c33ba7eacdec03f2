using MLBuild.Sources.Databases;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>A fetch that has nothing to do asks one question; one that has something reads what changed.</summary>
[Collection(PostgresServer.Collection)]
public sealed class FetchingAgain(PostgresServer server) : IDisposable
{
    private readonly FetchSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task UnchangedRowsOfSqliteAreNotReadAgain()
    {
        var file = new SqliteFile(_space["shop.db"]).Execute(
            "create table t(id integer primary key, seen int); insert into t values (1, 1); create table other(id "
            + "int)");
        foreach (var options in new[] { file.Table("t", "id", "seen"), file.Table("t", "id") })
        {
            Assert.Equal(Units("Fetch"), await _space.Run(FetchSpace.Whole(options)));
            file.Execute("insert into other values (1); vacuum");

            Assert.Equal(Units(), await _space.Run(FetchSpace.Whole(options)));
        }
        file.Execute("update t set seen = 2");
        Assert.Equal(["Fetch"], await _space.Run(FetchSpace.Whole(file.Table("t", "id", "seen"))));
    }

    [Fact]
    public async Task WithoutAMarkAnyChangeOfSqliteIsSeen()
    {
        var file = new SqliteFile(_space["shop.db"]).Execute(
            "create table t(id integer primary key, v, w text); insert into t values (1, 1, 'a'), (2, 2, 'b')");
        var options = file.Query("select id, cast(v as text) as v, w from t", "id");
        await _space.Run(FetchSpace.Whole(options));
        foreach (var change in new[]
        {
            "update t set v = '1' where id = 1", "update t set w = null where id = 1", "delete from t where id = 2",
            "update t set w = case id when 1 then 'b' else 'a' end",
        })
        {
            file.Execute(change);
            var ran = await _space.Run(FetchSpace.Whole(options));

            // As text 1 is '1'.
            Assert.Equal(change.Contains("'1'") ? Units() : Units("Fetch"), ran);
        }
    }

    [PostgresFact]
    public async Task UnchangedRowsOfPostgresAreNotReadAgain()
    {
        server.Execute("create table again(id int primary key, seen timestamp); "
            + "insert into again values (1, '2019-01-01'), (2, '2019-01-02')");
        foreach (var options in new[] { server.Table("again", "id", "seen"), server.Table("again", "id") })
        {
            Assert.Equal(Units("Fetch"), await _space.Run(FetchSpace.Whole(options)));
            server.Execute("vacuum full again");

            Assert.Equal(Units(), await _space.Run(FetchSpace.Whole(options)));
        }
        server.Execute("update again set seen = case id when 1 then timestamp '2019-01-02' else '2019-01-01' end");
        Assert.Equal(Units(), await _space.Run(FetchSpace.Whole(server.Table("again", "id", "seen"))));
        Assert.Equal(["Fetch"], await _space.Run(FetchSpace.Whole(server.Table("again", "id"))));
    }

    // An alone "source" would be that column, not the row.
    [PostgresFact]
    public async Task WithoutAMarkAColumnNamedSourceHidesNoOther()
    {
        server.Execute("create table named(id int primary key, source text, fare int); "
            + "insert into named values (1, 'web', 5), (2, null, 6)");
        Assert.Equal(Units("Fetch"), await _space.Run(FetchSpace.Whole(server.Table("named", "id"))));
        foreach (var change in new[]
        {
            "update named set fare = 0 where id = 1", "update named set fare = 0 where id = 2",
            "update named set source = 'app' where id = 2",
        })
        {
            server.Execute(change);
            Assert.Equal(Units("Fetch"), await _space.Run(FetchSpace.Whole(server.Table("named", "id"))));
        }
        Assert.Equal(Units(), await _space.Run(FetchSpace.Whole(server.Table("named", "id"))));
    }

    [PostgresFact]
    public async Task ASliceOfPostgresIsReadAgainWhenRowsArriveInIt()
    {
        server.Execute("create table monthly(id int primary key, at timestamptz, fare numeric(6, 2)); "
            + "insert into monthly select i, timestamptz '2018-12-31 23:00:00+00' + i * interval '1 day', i "
            + "from generate_series(1, 59) i");
        var options = server.Table("monthly", "id", "at") with { Slices = new SliceWidth.Calendar(CalendarUnit.Month) };

        Assert.Equal(Units("Fetch/2019-01", "Fetch/2019-02"), await _space.Run(FetchSpace.Sliced(options)));
        Assert.Equal(Units(), await _space.Run(FetchSpace.Sliced(options)));

        server.Execute("insert into monthly values (100, '2019-02-28 23:59:59+00', 1)");
        Assert.Equal(Units("Fetch/2019-02"), await _space.Run(FetchSpace.Sliced(options)));

        server.Execute("update monthly set at = '2019-03-05', fare = 9 where id = 1");
        Assert.Equal(Units("Fetch/2019-01", "Fetch/2019-03"), await _space.Run(FetchSpace.Sliced(options)));

        server.Execute("alter table monthly alter fare type numeric(8, 2)");
        Assert.Equal(
            Units("Fetch/2019-01", "Fetch/2019-02", "Fetch/2019-03"), await _space.Run(FetchSpace.Sliced(options)));
    }

    [Fact]
    public async Task ASliceOfSqliteIsReadAgainWhenRowsArriveInIt()
    {
        var file = new SqliteFile(_space["shop.db"]).Execute(
            "create table t(id integer primary key, at datetime); "
            + "insert into t values (1, '2019-01-31 23:59:59'), (2, '2019-02-01T00:00:00'), (3, '2019-02-07')");
        var options = file.Table("t", "id", "at") with { Slices = new SliceWidth.Calendar(CalendarUnit.Month) };

        Assert.Equal(Units("Fetch/2019-01", "Fetch/2019-02"), await _space.Run(FetchSpace.Sliced(options)));
        Assert.Equal(Units(), await _space.Run(FetchSpace.Sliced(options)));
        file.Execute("insert into t values (4, '2019-02-03')");
        Assert.Equal(Units("Fetch/2019-02"), await _space.Run(FetchSpace.Sliced(options)));
    }

    [PostgresFact]
    public async Task WhatChangesAfterPlanningIsAFaultAndNoResult()
    {
        server.Execute("create table racing(id int primary key, seen int, v text); "
            + "insert into racing values (1, 10, 'a'), (2, 20, 'b')");
        var marked = server.Table("racing", "id", "seen");

        // Rows that come later are left to the next run.
        await _space.Run(Racing(marked, "insert into racing values (3, 30, 'c')"));
        Assert.Contains("\"rows\": 2,", _space.Text("Fetch", DatabaseFetchStage.Report));

        Assert.Equal(
            "SERVER, table 'racing' changed after the stage was planned. Planned for: 3 rows, highest mark 30. "
            + "Found: 2 rows, highest mark 30. Rows were changed or removed, or late ones were committed. Run the "
            + "same command again: it plans for what is there.", await Lost(marked, "delete from racing where id = 2"));
        Assert.Equal(
            "SERVER, table 'racing' changed after the stage was planned. Planned for: id integer not null, seen "
            + "integer, v "
            + "text: 2 rows, highest mark 30. Found: id integer not null, seen integer, v text, late integer: 2 rows, "
            + "highest mark 30. Columns were altered. Run the same command again: it plans for what is there.",
            await Lost(marked, "alter table racing add column late int"));
        Assert.Matches(
            "^SERVER, table 'racing' changed after the stage was planned\\. Planned for: 2 rows, checksum -?[0-9]+\\. "
            + "Found: 2 rows, checksum -?[0-9]+\\. Rows were changed or removed, or late ones were committed\\. ",
            await Lost(server.Table("racing", "id"), "update racing set v = 'z' where id = 1"));
    }

    private static string[] Units(params string[] names) => names;

    private async Task<string> Lost(DatabaseOptions options, string change) =>
        Assert.IsType<LostSourceDataException>(await _space.Fault(Racing(options, change)))
            .Message.Replace(server.Label, "SERVER");

    private MLBuild.Engine.Stages.Stage Racing(DatabaseOptions options, string change) =>
        new MLBuild.Engine.Stages.StageBuilder(new("Fetch"))
            .Observes(DatabaseFetchStage.Observation, run =>
            {
                var state = DatabaseProbe.Of(options, run);
                server.Execute(change);
                return state;
            })
            .Writes(DatabaseFetchStage.Outputs)
            .Runs<DatabaseFetchOptions>(DatabaseFetchStage.Run, () => new(options))
            .Build();
}
