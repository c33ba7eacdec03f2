using MLBuild.Sources.Databases;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>A build that is stopped does not wait for rows that nobody wants.</summary>
[Collection(PostgresServer.Collection)]
public sealed class Stopping(PostgresServer server) : IDisposable
{
    // Sorted, it is busy for minutes before the first row; unsorted, it would send for hours.
    private const string Endless = "with recursive n(i) as (select 1 union all select i + 1 from n "
        + "where i < 2000000000) select cast(i as bigint) as id from n";

    private readonly FetchSpace _space = new();

    public void Dispose() => _space.Dispose();

    [PostgresFact]
    public void AQueryOfPostgresEndsWhenItIsCancelled() => Cancelled(server.Query(Endless, "id"));

    [Fact]
    public void AQueryOfSqliteEndsWhenItIsCancelled()
    {
        var file = new SqliteFile(_space["shop.db"]).Execute("create table t(id int)");

        Cancelled(file.Query(Endless, "id"));
    }

    [PostgresFact]
    public void AFaultInTheFirstRowDoesNotWaitForTheOthers()
    {
        server.Execute("create table wide(id int primary key, at timestamp, t text); "
            + "insert into wide select i, '2019-01-01 00:00:00.000001', repeat('x', 1000) "
            + "from generate_series(1, 200000) i");
        var options = server.Table("wide", "id", "id");
        using var session = DatabaseSession.Open(options, null);
        var promise = Promise.Of(options, session.State(MarkRange.All).ToString());

        Assert.Throws<SourceSchemaException>(() =>
            new DatabaseSnapshot(session, options).Write(_space["rows.parquet"], promise, default));

        Assert.Equal(0, session.RowsRead);
        Assert.False(File.Exists(_space["rows.parquet"]));
    }

    private void Cancelled(DatabaseOptions options)
    {
        using var session = DatabaseSession.Open(options, null);
        // Before, at the start of, or in the middle of a count that takes minutes.
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        Assert.ThrowsAny<OperationCanceledException>(() => new DatabaseSnapshot(session, options).Write(
            _space["rows.parquet"], Promise.Of(options, "id bigint: 1 rows"), stop.Token));
    }
}
