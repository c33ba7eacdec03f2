using MLBuild.Engine.Running;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Ingest;

/// <summary>Each file becomes rows and a quarantine; a file that is none fails alone.</summary>
public sealed class IngestingFiles : IDisposable
{
    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task RowsThatCannotBeReadAreQuarantinedWithTheirPlace()
    {
        _space.Write("2019-01.csv", Sales.Header +
            "1,2019-01-01 10:00:00,west,50.0,2,100.00\n" +
            "2,2019-01-01 10:00:00,west,fifty,2,100.00\n" +
            "3,2019-01-01 10:00:00,west,50.0,\"a \"\"b\"\", c\",100.00\n" +
            "4,2019-01-01 10:00:00,west,,2,100.00\n" +
            "\n" +
            "5,2019-01-01 10:00:00,west\n" +
            "6,2019-02-30 10:00:00,west,50.0,2,100.00\n");
        await new SaleBuild(_space).Done("Ingest");
        Assert.Equal(
            """
            file,line,column,value,reason
            2019-01.csv,3,area,fifty,expected a finite number
            2019-01.csv,4,rooms,"a ""b"", c",expected a whole number of 32 bits
            2019-01.csv,5,area,,expected a finite number
            2019-01.csv,7,,"5,2019-01-01 10:00:00,west","expected 6 fields, found 3"
            2019-01.csv,8,sold_at,2019-02-30 10:00:00,expected a time as yyyy-MM-dd HH:mm:ss

            """,
            _space.Text("Ingest/2019-01", IngestStage.Quarantine));
        Assert.Equal(
            """
            {
              "file": "2019-01.csv",
              "columns": [
                "id",
                "sold_at",
                "district",
                "area",
                "rooms",
                "price"
              ],
              "rowsRead": 6,
              "rowsKept": 1,
              "quarantined": 5,
              "duplicates": 0,
              "refundPairs": 0,
              "firstFault": "2019-01.csv line 3: column 'area' is 'fifty', expected a finite number."
            }

            """,
            _space.Text("Ingest/2019-01", IngestStage.Report));
        Assert.Equal(["Ingest/2019-01: 6 rows, 5 quarantined, 0 duplicate, 0 refunded"], _space.Log);
    }

    [Fact]
    public async Task AFileThatIsNoTableFailsAloneAndItsSiblingsAreKept()
    {
        _space.Write("good.csv", Sales.Csv(5, seed: 1));
        _space.Write("empty.csv", "");
        _space.Write("binary.csv", "id\0,sold_at\n");
        _space.Write("other.csv", "id,sold_at,district,area,room,price\n");
        var message = await new SaleBuild(_space).Failure("Ingest");
        Assert.Equal(
            """
            3 of 4 partitions failed; the others are kept.
            binary: 'binary.csv' is not text: byte 3 is zero. Expected CSV in UTF-8.
            empty: 'empty.csv' is empty: expected a header line with id, sold_at, district, area, rooms, price.
            other: 'other.csv' lacks 'rooms'. Were they renamed: 'rooms' to 'room'?
            """ +
            " Its columns are id, sold_at, district, area, room, price.", message);
        Assert.Equal(5, RowTable.Read<Sale>(_space.Output("Ingest/good", IngestStage.Rows)).Count());
        Assert.False(Directory.Exists(_space.Output("Ingest/empty", "")));

        _space.Write("empty.csv", Sales.Csv(1, seed: 1));
        _space.Write("binary.csv", Sales.Csv(1, seed: 1));
        _space.Write("other.csv", Sales.Csv(1, seed: 1));
        var done = await new SaleBuild(_space).Done("Ingest");
        Assert.Equal(["good"],
            done.Units.Where(unit => unit.Verdict is Verdict.UpToDate).Select(unit => unit.Unit.Partition));
    }

    [Fact]
    public async Task AFileWithAHeaderOnlyHasNoRows()
    {
        _space.Write("none.csv", Sales.Header);
        await new SaleBuild(_space).Done("Ingest");
        Assert.Empty(RowTable.Read<Sale>(_space.Output("Ingest/none", IngestStage.Rows)));
        Assert.Equal(0, Report("none").RowsRead);
    }

    [Fact]
    public async Task EqualFilesGiveEqualBytesInAnyFolder()
    {
        using var other = new PipelineSpace();
        foreach (var space in new[] { _space, other })
        {
            space.Write("a.csv", Sales.Csv(500, seed: 7) + "x,y\n");
            await new SaleBuild(space).Done("Ingest");
        }
        Assert.All(IngestStage.Outputs, output =>
            Assert.Equal(_space.Bytes("Ingest/a", output), other.Bytes("Ingest/a", output)));
    }

    [Fact]
    public async Task RowsKeepTheirFileAndLine()
    {
        _space.Write("a.csv", Sales.Header +
            "1,2019-01-01 10:00:00,west,5,2,10\n\nbad\n2,2019-01-01 10:00:00,west,5,,10\n");
        await new SaleBuild(_space).Done("Ingest");
        var sale = new Sale
        {
            Id = 1,
            SoldAt = new(2019, 1, 1, 10, 0, 0),
            District = "west",
            Area = 5,
            Rooms = 2,
            Price = 10
        };
        Assert.Equal(
            [new SourceRow<Sale>(sale, "a.csv", 2),
                new SourceRow<Sale>(sale with { Id = 2, Rooms = null }, "a.csv", 5)],
            RowTable.Read<Sale>(_space.Output("Ingest/a", IngestStage.Rows)));
    }

    private IngestReport Report(string partition) =>
        ReportFile.Read<IngestReport>(_space.Output($"Ingest/{partition}", IngestStage.Report));
}
