using Microsoft.Data.Sqlite;
using MLBuild.Engine.Stages;
using MLBuild.Sources.Databases;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>Rows are those of one moment, however long it takes to read them.</summary>
[Collection(PostgresServer.Collection)]
public sealed class KeepingOneMoment(PostgresServer server) : IDisposable
{
    private const int Rows = 20_000;

    private readonly FetchSpace _space = new();

    public void Dispose() => _space.Dispose();

    [PostgresFact]
    public void PostgresKeepsOutWhatIsCommittedMeanwhile()
    {
        server.Execute($"create table moment(id int primary key, t text); "
            + $"insert into moment select i, repeat('x', 500) from generate_series(1, {Rows}) i");

        Assert.Equal(
            (Rows, $"{Rows} rows", $"{Rows} rows"),
            ReadWhile(server.Table("moment", "id"), () => server.Execute(
                "insert into moment values (0, 'new'), (1000000, 'new'); delete from moment where id between 5 and "
                + "900")));
    }

    [Fact]
    public void SqliteWithALogKeepsOutWhatIsCommittedMeanwhile()
    {
        var file = Filled("pragma journal_mode = wal;");

        Assert.Equal(
            (Rows, $"{Rows} rows", $"{Rows} rows"),
            ReadWhile(file.Table("moment", "id"), () => file.Execute(
                "insert into moment values (0, 'new'), (1000000, 'new'); delete from moment where id between 5 and "
                + "900")));
    }

    [Fact]
    public void SqliteWithARollbackJournalLetsCommitsWait()
    {
        var file = Filled("");

        Assert.Equal(
            (Rows, $"{Rows} rows", $"{Rows} rows"),
            ReadWhile(file.Table("moment", "id"), () => Assert.Equal(5, Assert.Throws<SqliteException>(() =>
                file.Execute("insert into moment values (0, 'new')")).SqliteErrorCode)));
        file.Execute("insert into moment values (0, 'new')");
    }

    [PostgresFact]
    public void NothingIsWrittenToPostgres()
    {
        server.Execute("create sequence if not exists numbers");
        var options = server.Query("select nextval('numbers') as id", "id");

        var fault = Assert.ThrowsAny<SourceFaultException>(() => DatabaseProbe.Of(options, ProbeRun.Alone));
        Assert.Contains("read-only", fault.Message);
    }

    // Before the first row, between the first and the second, and after the last.
    private static (int Rows, string Before, string After) ReadWhile(DatabaseOptions options, Action write)
    {
        using var session = DatabaseSession.Open(options, null);
        var before = session.State(MarkRange.All).Content;
        var rows = 0;
        using (var reader = session.Rows(MarkRange.All, session.Columns))
        {
            Assert.True(reader.Read());
            write();
            for (rows = 1; reader.Read(); rows++)
            {
            }
        }
        return (rows, before.Split(',')[0], session.State(MarkRange.All).Content.Split(',')[0]);
    }

    private SqliteFile Filled(string settings) => new SqliteFile(_space["shop.db"]).Execute(
        settings + $"create table moment(id integer primary key, t text); with recursive n(i) as (select 1 union all "
        + $"select i + 1 from n where i < {Rows}) insert into moment select i, hex(zeroblob(250)) from n");
}
