using MLBuild.Engine.Stages;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Duplicates;
using MLBuild.Learning.Rows;
using MLBuild.Sources.Databases;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Validate;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>From a database to a checked table: slices are fetched, read into rows, and rows that were corrected later
/// replace those of earlier slices.</summary>
public sealed class IngestingSnapshots : IDisposable
{
    private readonly FetchSpace _space = new();
    private readonly SqliteFile _file;

    public IngestingSnapshots() => _file = new SqliteFile(_space["shop.db"]).Execute(
        "create table orders(id integer not null, total decimal(10,2) not null, changed_at timestamp not null); " +
        "insert into orders values (1, 10.5, '2019-01-05 10:00:00'), (2, 20, '2019-01-09 10:00:00'), " +
        "(3, 30, '2019-02-01 00:00:00')");

    private Stage[] Stages => Pipeline(_file.Table("orders", "id", "changed_at") with
    {
        Slices = new SliceWidth.Calendar(CalendarUnit.Month),
    });

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task RowsOfEachSliceAreNamedAfterIt()
    {
        await _space.Run(Stages);
        Assert.Equal(
            ["2019-01/rows.parquet line 1: 1 10.5", "2019-01/rows.parquet line 2: 2 20",
                "2019-02/rows.parquet line 1: 3 30"],
            Rows());
    }

    [Fact]
    public async Task ACorrectionIsFetchedAndReplacesWhatItCorrects()
    {
        await _space.Run(Stages);
        _file.Execute("insert into orders values (2, 21, '2019-02-03 00:00:00')");
        Assert.Equal(["Fetch/2019-02", "Ingest/2019-02", "Validate"], await _space.Run(Stages));
        Assert.Equal(
            ["2019-01/rows.parquet line 1: 1 10.5", "2019-02/rows.parquet line 1: 2 21",
                "2019-02/rows.parquet line 2: 3 30"],
            Rows());
        Assert.Equal(
            "file,line,column,value,reason\n2019-01/rows.parquet,2,,,superseded by 2019-02/rows.parquet line 1\n",
            _space.Text("Validate", ValidateStage.LeftOut));
    }

    private static Stage[] Pipeline(DatabaseOptions orders) =>
    [
        FetchSpace.Sliced(orders),
        new StageBuilder(new("Ingest")).ForEach(new StageName("Fetch"), DatabaseFetchStage.Rows)
            .Writes(IngestStage.Outputs)
            .Runs(run => IngestStage.Run(run, DuplicateRules.ByKey<Order>(order => order.Id), DatabaseFetchStage.Rows))
            .Build(),
        new StageBuilder(new("Validate")).Reads(new("Ingest"), IngestStage.Rows, IngestStage.Report)
            .Writes(ValidateStage.Outputs)
            .Runs(run => ValidateStage.Run(run, Contract.For<Order>(), DuplicateRules
                .ByKey<Order>(order => order.Id).PrefersLatest(order => order.ChangedAt), new ValidateOptions()))
            .Build(),
    ];

    private string[] Rows() => [.. RowTable.Read<Order>(_space.Output("Validate", ValidateStage.Rows))
        .Select(row => FormattableString.Invariant($"{row.File} line {row.Line}: {row.Row.Id} {row.Row.Total:0.##}"))];

    private sealed record Order
    {
        [Column("id")] public long Id { get; set; }

        [Column("total", Scale = 2)] public decimal Total { get; set; }

        [Column("changed_at")] public DateTime ChangedAt { get; set; }
    }
}
