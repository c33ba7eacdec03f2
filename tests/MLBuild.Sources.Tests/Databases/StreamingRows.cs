using System.Globalization;
using MLBuild.Sources.Databases;
using Xunit.Abstractions;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>How much memory a million rows need.</summary>
[Collection(PostgresServer.Collection)]
public sealed class StreamingRows(PostgresServer server, ITestOutputHelper output) : IDisposable
{
    private const int Rows = 1_000_000;
    private const long Mebi = 1 << 20;

    // All rows together take about 150 MB as text; a row group of them takes a fifteenth.
    private const long MostGrowth = 250 * Mebi;

    private readonly FetchSpace _space = new();

    public void Dispose() => _space.Dispose();

    [PostgresFact]
    public void AMillionRowsOfPostgres()
    {
        server.Execute(
            $"""
            create table million as select i::bigint as id, timestamp '2019-01-01' + i * interval '1 second' as at,
                (i % 7) as passengers, i * 0.25::double precision as distance, (i % 10000 / 100.0)::numeric(8, 2) as fare,
                'zone ' || i % 265 as zone, case when i % 10 = 0 then null else 'note ' || i end as note, i % 2 = 0 as paid
            from generate_series(1, {Rows}) i;
            alter table million add primary key (id);
            create index on million(at);
            """);

        Measure(server.Table("million", "id", "at"));
    }

    [Fact]
    public void AMillionRowsOfSqlite()
    {
        var file = new SqliteFile(_space["shop.db"]).Execute(
            $"""
            create table million(id integer primary key, at datetime, passengers int, distance real, fare decimal(8, 2),
                zone text, note text, paid boolean);
            with recursive n(i) as (select 1 union all select i + 1 from n where i < {Rows})
            insert into million select i, datetime(1546300800 + i, 'unixepoch'), i % 7, i * 0.25, i % 10000 / 100.0,
                'zone ' || i % 265, case when i % 10 = 0 then null else 'note ' || i end, i % 2 = 0 from n;
            create index at on million(at);
            """);

        Measure(file.Table("million", "id", "at"));
    }

    [PostgresFact]
    public void LongTextsNeedNoMoreMemory()
    {
        // 320 MB of text, which would be one row group if rows alone were counted.
        var options = server.Query(
            "select i as id, repeat(chr(97 + i % 26), 20000) as t from generate_series(1, 8000) i", "id");

        Measure(options, rows: 8_000);
    }

    private void Measure(DatabaseOptions options, int rows = Rows)
    {
        using var session = DatabaseSession.Open(options, null);
        var promise = Promise.Of(options, session.State(MarkRange.All).ToString());
        GC.Collect();
        var (heap, used) = (GC.GetTotalMemory(true), Environment.CpuUsage.TotalTime);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var before = ResetPeak();

        var written = new DatabaseSnapshot(session, options).Write(_space["rows.parquet"], promise, default);

        var growth = Peak() - before;
        var perRow = (GC.GetAllocatedBytesForCurrentThread() - allocated) / rows;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{written.Count:N0} rows, {new FileInfo(_space["rows.parquet"]).Length / Mebi} MiB, "
            + $"{(Environment.CpuUsage.TotalTime - used).TotalSeconds:0.0} CPU s, {perRow} bytes allocated a row, "
            + $"peak of the process {(before + growth) / Mebi} MiB, {growth / Mebi} MiB more than before, "
            + $"heap before {heap / Mebi} MiB"));
        Assert.Equal(rows, written.Count);
        Assert.InRange(growth, 0, MostGrowth);
    }

    // Linux forgets the highest resident memory when asked, and tells it with what is resident.
    private static long ResetPeak()
    {
        if (OperatingSystem.IsLinux())
            File.WriteAllText("/proc/self/clear_refs", "5");
        return Peak();
    }

    private static long Peak() => OperatingSystem.IsLinux()
        ? 1024 * long.Parse(
            File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal))
                .Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
        : Environment.WorkingSet;
}
