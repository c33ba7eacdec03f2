using System.Text.Json;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>Rows checked many at a time: the same as one by one.</summary>
public sealed class CheckingBatches
{
    private static readonly Contract<Trip> Mixed = Contract.For<Trip>()
        .NonFinite(tolerance: 0.1)
        .Column(t => t.Fare, c => c.Range(-50, 50, tolerance: 0.2).Mean(-10, 10).Cardinality(max: 30))
        .Column(t => t.Passengers, c => c.Range(max: 4).Categories(0, 1, 2, 3))
        .Row(
            "late", 0.3, (trip, source) => trip.PickedUp.Day > 25 && source.Line % 2 == 0,
            t => t.PickedUp, t => t.Flag)
        .Row("far", 0.3, (trip, _) => trip.Distance > 3);

    public static TheoryData<int, int> Seeds
    {
        get
        {
            var seeds = new TheoryData<int, int>();
            foreach (var seed in Enumerable.Range(1, 12))
            {
                foreach (var size in new[] { 1, 7, 300, 5000 })
                    seeds.Add(seed, size);
            }
            return seeds;
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void BatchesOfAnySizeGiveTheReportOfSingleRows(int seed, int size)
    {
        var data = Data(seed);
        var (one, many) = (Begin(), Begin());
        var expected = new List<(RowSource, string)>();
        foreach (var (trip, source) in data)
        {
            if (one.Check(trip, source) is RowOutcome.SetAside { Rule: var rule })
                expected.Add((source, rule));
        }
        var (actual, kept) = (new List<(RowSource, string)>(), new List<RowSource>());
        foreach (var chunk in data.Chunk(size))
        {
            var batch = new RowBatch<Trip>();
            foreach (var (trip, source) in chunk)
                batch.Add(trip, source.File, source.Line);
            many.Sift(batch, row => actual.Add((new(row.File, row.Line), row.Rule)));
            kept.AddRange(Enumerable.Range(0, batch.Count).Select(batch.Source));
        }
        Assert.Equal(expected, actual);
        Assert.Equal(data.Select(row => row.Source).Except(expected.Select(row => row.Item1)), kept);
        Assert.Equal(JsonSerializer.Serialize(one.Complete()), JsonSerializer.Serialize(many.Complete()));
    }

    [Fact]
    public void RowSetAsideNamesFileLineColumnValueAndRule()
    {
        var batch = new RowBatch<Trip>();
        batch.Add(new(), "file 1", 2);
        batch.Add(new() { PickedUp = new(2019, 1, 31) }, "file 1", 4);
        batch.Add(new() { Fare = -52 }, "file 2", 3);
        var broken = new List<BrokenRow>();
        Begin().Sift(batch, broken.Add);
        Assert.Equal(
            [
                "file 1 4 late: picked_up, flag = 2019-01-31 00:00:00, (none)",
                "file 2 3 fare outside -50..50: fare = -52",
            ],
            broken.Select(row => $"{row.File} {row.Line} {row.Rule}: {row.Column} = {row.Value}"));
        Assert.Equal(1, batch.Count);
    }

    [Fact]
    public void RuleThatThrowsIsNamedWithTheRow()
    {
        var check = Contract.For<Trip>().Row("too many", 0, (trip, _) => trip.Passengers!.Value > 6).Begin();
        check.Open("a.csv", Trips.Header);
        var batch = new RowBatch<Trip>();
        batch.Add(new(), "a.csv", 6);
        batch.Add(new() { Passengers = null }, "a.csv", 7);
        var fault = Assert.Throws<InvalidOperationException>(() => check.Sift(batch));
        Assert.StartsWith("a.csv line 7: rule 'too many' of the contract of Trip threw", fault.Message);
    }

    [Fact]
    public void RowOfAFileThatWasNotOpenedIsABug()
    {
        var batch = new RowBatch<Trip>();
        batch.Add(new(), "b.csv", 2);
        Assert.Equal(
            "BUG: b.csv line 2 was checked before 'b.csv' was opened with its header.",
            Assert.Throws<ArgumentException>(() => Begin().Sift(batch)).Message);
    }

    [Fact]
    public void ManyFilesGiveTheStatisticsOfOne()
    {
        // More files than are open at once, and each is come back to.
        var (one, many) = (Contract.For<Trip>().Begin(), Contract.For<Trip>().Begin());
        var files = 2 * ContractCheck<Trip>.OpenFiles;
        one.Open("all", Trips.Header);
        foreach (var file in Enumerable.Range(0, files))
            many.Open($"{file}", Trips.Header);
        for (var i = 0; i < 40_000; i++)
        {
            var trip = new Trip { Fare = i * 7919 % 9001, PickedUp = new DateTime(2019, 1, 1).AddMinutes(i) };
            one.Check(trip, new("all", i));
            many.Check(trip, new($"{i / 200 % files}", i));
        }
        var (expected, actual) = (one.Complete(), many.Complete());
        Assert.Equal(
            JsonSerializer.Serialize(expected.Columns.Single(column => column.Column == "fare")),
            JsonSerializer.Serialize(actual.Columns.Single(column => column.Column == "fare")));
        var (dates, others) = (expected.Columns[^1], actual.Columns[^1]);
        Assert.Equal((dates.Earliest, dates.Latest, dates.Distinct), (others.Earliest, others.Latest, others.Distinct));
        for (var part = 0; part <= 40; part++)
            Assert.Equal(dates.Quantiles![part], others.Quantiles![part], 0.06 * 40_000 * 60_000);
        Assert.Equal(40_000, actual.Files.Sum(file => file.RowsAccepted));
        Assert.All(actual.Files, file => Assert.Equal(file.RowsAccepted, file.Columns[0].Rows));
    }

    private static ContractCheck<Trip> Begin()
    {
        var check = Mixed.Begin();
        foreach (var file in new[] { "file 0", "file 1", "file 2" })
            check.Open(file, Trips.Header);
        return check;
    }

    private static (Trip Trip, RowSource Source)[] Data(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, random.Next(0, 3000)).Select(line => (
            new Trip
            {
                Fare = random.Next(20) == 0 ? double.NaN : random.Next(-600, 600) / 10.0,
                Distance = random.Next(50) == 0 ? double.NegativeInfinity : random.Next(5),
                Passengers = random.Next(5) == 0 ? null : random.Next(6),
                PickedUp = new DateTime(2019, 1, random.Next(1, 32)).AddSeconds(random.Next(86_400)),
                Flag = random.Next(3) == 0 ? null : $"{random.Next(400)}",
            },
            new RowSource($"file {line / 10 % 3}", line)))];
    }
}
