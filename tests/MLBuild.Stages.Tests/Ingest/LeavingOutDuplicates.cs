using System.Globalization;
using System.Text;
using MLBuild.Learning.Duplicates;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Ingest;

/// <summary>Of rows with one key one is kept, or none where they undo each other.</summary>
public sealed class LeavingOutDuplicates : IDisposable
{
    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Theory]
    [InlineData("10", "2:10")]
    [InlineData("10 12", "3:12")]
    [InlineData("12 10", "2:12")]
    [InlineData("10 10", "2:10")]
    [InlineData("10 12 12 11", "3:12")]
    [InlineData("10 -10", "")]
    [InlineData("-10 10", "")]
    [InlineData("10 -10 10", "4:10")]
    [InlineData("10 10 -10", "3:10")]
    [InlineData("-10 10 -10 10", "")]
    [InlineData("10 12 -10", "3:12")]
    [InlineData("10 -12", "2:10")]
    [InlineData("10 -10 -10", "4:-10")]
    [InlineData("0 0", "2:0")]
    public async Task RowsOfOneKeyLeaveTheseLines(string prices, string kept)
    {
        _space.Write("a.csv",
            Csv(prices.Split(' ').Select(price => (1, double.Parse(price, CultureInfo.InvariantCulture)))));
        await new SaleBuild(_space).Done("Ingest");
        Assert.Equal(kept,
            string.Join(' ',
                Kept("a").Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Line}:{row.Row.Price}"))));
    }

    [Fact]
    public async Task TheReportTellsDuplicatesFromRefunds()
    {
        _space.Write("a.csv", Csv([(1, 10), (1, -10), (1, 11), (1, 12), (2, 5), (3, 5), (3, -5), (4, 1), (4, 1)]));
        await new SaleBuild(_space).Done("Ingest");
        var report = Report("a");
        Assert.Equal((9, 3, 0, 2, 2),
            (report.RowsRead, report.RowsKept, report.Quarantined, report.Duplicates, report.RefundPairs));
        Assert.Equal(["Ingest/a: 9 rows, 0 quarantined, 2 duplicate, 2 refunded"], _space.Log);
    }

    [Fact]
    public async Task RowsOfOneKeyInTwoFilesAreLeftAlone()
    {
        _space.Write("a.csv", Csv([(1, 10)]));
        _space.Write("b.csv", Csv([(1, -10)]));
        await new SaleBuild(_space).Done("Ingest");
        Assert.Single(Kept("a"));
        Assert.Single(Kept("b"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task EveryLineIsAccountedForAndNoKeyIsKeptTwice(int seed)
    {
        var random = new Random(seed);
        var lines = Enumerable.Range(0, 400).Select(_ => random.Next(12) == 0
            ? "not,a,sale"
            : Line(random.Next(120), random.Next(-3, 4))).ToArray();
        _space.Write("a.csv", Sales.Header + string.Concat(lines.Select(line => line + "\n")));
        await new SaleBuild(_space).Done("Ingest");

        var report = Report("a");
        var kept = Kept("a").ToArray();
        Assert.Equal(400, report.RowsRead);
        Assert.Equal(report.RowsRead, report.RowsKept + report.Quarantined + report.Duplicates +
            (2 * report.RefundPairs));
        Assert.Equal(report.RowsKept, kept.Length);
        Assert.Equal(kept.Length, kept.DistinctBy(row => row.Row.Id).Count());
        Assert.All(kept, row => Assert.Equal(lines[row.Line - 2], Line(row.Row.Id, row.Row.Price)));
        // What charges and refunds leave does not depend on their order.
        foreach (var sales in lines.Where(line => line != "not,a,sale").Select(Parse).GroupBy(sale => sale.Id))
        {
            var left = sales.GroupBy(sale => Math.Abs(sale.Price))
                .SelectMany(same => same.Key == 0
                    ? same.Select(sale => sale.Price)
                    : Enumerable.Repeat(same.Key * Math.Sign(same.Sum(sale => sale.Price)),
                        Math.Abs((int)(same.Sum(sale => sale.Price) / same.Key))))
                .ToArray();
            Assert.Equal(left.Length == 0 ? [] : [left.Max()],
                kept.Where(row => row.Row.Id == sales.Key).Select(row => row.Row.Price));
        }
    }

    [Fact]
    public async Task WhatIsLeftOutIsListedWithTheRowThatItIsOneOf()
    {
        _space.Write("a.csv", Csv([(1, 10), (1, 12), (2, 5), (2, 5), (3, 7), (3, -7)]));
        await new SaleBuild(_space).Done("Ingest");
        Assert.Equal(
            "file,line,column,value,reason\n" +
            "a.csv,2,,,superseded by a.csv line 3\n" +
            "a.csv,5,,,identical to a.csv line 4\n" +
            "a.csv,6,,,cancels with a.csv line 7\n" +
            "a.csv,7,,,cancels with a.csv line 6\n",
            File.ReadAllText(_space.Output("Ingest/a", IngestStage.LeftOut)));
    }

    [Fact]
    public async Task DecimalsOfOneValueAreOneKeyHoweverTheyAreWritten()
    {
        _space.Write("a.csv", "id,total\n1,5.00\n1,5\n1,5.01\n");
        await new SaleBuild(_space)
        {
            Ingest = run => IngestStage.Run(run, DuplicateRules.ByKey<Bill>(bill => bill.Id, bill => bill.Total)),
        }.Done("Ingest");
        Assert.Equal(
            "file,line,column,value,reason\na.csv,3,,,identical to a.csv line 2\n",
            File.ReadAllText(_space.Output("Ingest/a", IngestStage.LeftOut)));
    }

    private static string Csv(IEnumerable<(int Id, double Price)> sales) =>
        sales.Aggregate(new StringBuilder(Sales.Header), (text, sale) =>
            text.Append(Line(sale.Id, sale.Price)).Append('\n')).ToString();

    private static string Line(int id, double price) =>
        string.Create(CultureInfo.InvariantCulture, $"{id},2019-01-01 10:00:00,west,50,2,{price}");

    private static (int Id, double Price) Parse(string line) =>
        (int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture),
            double.Parse(line.Split(',')[^1], CultureInfo.InvariantCulture));

    private IEnumerable<SourceRow<Sale>> Kept(string partition) =>
        RowTable.Read<Sale>(_space.Output($"Ingest/{partition}", IngestStage.Rows));

    private IngestReport Report(string partition) =>
        ReportFile.Read<IngestReport>(_space.Output($"Ingest/{partition}", IngestStage.Report));

    private sealed class Bill
    {
        [Column("id")] public int Id { get; set; }
        [Column("total", Scale = 2)] public decimal Total { get; set; }
    }
}
