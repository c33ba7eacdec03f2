using System.Globalization;
using System.Text.Json;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>What holds of the report of any data set, tried on seeded random ones.</summary>
public sealed class ContractReportsInGeneral
{
    private static readonly Contract<Trip> Mixed = Contract.For<Trip>()
        .Rows(min: 20)
        .RowsPerFile(max: 40)
        .NonFinite(tolerance: 0.1)
        .Column(t => t.Fare, c => c.Range(-50, 50, tolerance: 0.2).Mean(-10, 10).Cardinality(max: 30))
        .Column(t => t.Passengers, c => c.NullRatio(max: 0.2).Categories(0, 1, 2, 3))
        .Row("late", 0.3, (trip, source) => trip.PickedUp.Day > 25 && source.Line % 2 == 0, t => t.PickedUp);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    private static (Trip Trip, RowSource Source)[] Data(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, random.Next(0, 120)).Select(line => (
            new Trip
            {
                // Whole numbers: their sums are exact, so means compare equal whatever the order.
                Fare = random.Next(20) == 0 ? double.NaN : random.Next(-60, 60),
                Distance = random.Next(50) == 0 ? double.NegativeInfinity : random.Next(5),
                Passengers = random.Next(5) == 0 ? null : random.Next(5),
                PickedUp = new DateTime(2019, 1, random.Next(1, 32)),
            },
            new RowSource("file " + random.Next(3), line)))];
    }

    private static ContractReport Check(IEnumerable<(Trip Trip, RowSource Source)> data, Action<RowOutcome>? see = null)
    {
        var check = Mixed.Begin();
        foreach (var file in new[] { "file 0", "file 1", "file 2" })
            check.Open(file, Trips.Header);
        foreach (var (trip, source) in data)
        {
            var outcome = check.Check(trip, source);
            see?.Invoke(outcome);
        }
        return check.Complete();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AcceptedAndSetAsideTogetherAreSeen(int seed)
    {
        var data = Data(seed);
        var accepted = 0;
        var setAside = new List<string>();
        var report = Check(data, outcome =>
        {
            if (outcome is RowOutcome.SetAside { Rule: var rule })
                setAside.Add(rule);
            else
                accepted++;
        });
        Assert.Equal(
            (data.Length, accepted, setAside.Count), (report.RowsSeen, report.RowsAccepted, report.RowsSetAside));
        Assert.Equal(report.RowsSeen, report.RowsAccepted + report.RowsSetAside);
        Assert.Equal(report.RowsAccepted, report.Files.Sum(file => file.RowsAccepted));
        Assert.All(report.Columns, column => Assert.Equal(report.RowsAccepted, column.Rows));
        Assert.All(
            report.Rules,
            rule => Assert.InRange(rule.Rows, setAside.Count(name => name == rule.Rule), report.RowsSetAside));
        Assert.All(report.Rules, rule => Assert.Equal(Math.Min(3, rule.Rows), rule.Examples.Count));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void OrderOfRowsDoesNotMatter(int seed)
    {
        var data = Data(seed);
        var expected = Check(data);
        new Random(seed).Shuffle(data);
        var actual = Check(data);
        Assert.Equal(Json(expected), Json(actual));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void JsonRoundTrips(int seed)
    {
        // Plain options throw on NaN and infinities.
        var report = Check(Data(seed));
        var again = JsonSerializer.Deserialize<ContractReport>(Json(report))!;
        Assert.Equal(Json(report), Json(again));
        Assert.Equal(report.Passed, again.Passed);
        Assert.Equal(ContractReportText.Render(report), ContractReportText.Render(again));
    }

    [Fact]
    public void JsonNamesEverythingInAFixedOrder()
    {
        var json = Json(Contract.For<Trip>().Column(t => t.Fare, c => c.Mean(max: 8)).Check(new Trip()));
        Assert.Equal(
            """
            {"RowType":"Trip","RowsSeen":1,"RowsAccepted":1,"RowsSetAside":0,
            "Headers":{"Severity":"Fail","Verdict":"Passed","Differences":[]},"Schema":[
            {"Column":"vendor","Type":"Int32","IsNullable":false,"FilesWithout":0,"Nulls":0,"Verdict":"Passed"},
            {"Column":"passengers","Type":"Int32","IsNullable":true,"FilesWithout":0,"Nulls":0,"Verdict":"Passed"},
            {"Column":"distance","Type":"Double","IsNullable":false,"FilesWithout":0,"Nulls":0,"Verdict":"Passed"},
            {"Column":"fare","Type":"Double","IsNullable":false,"FilesWithout":0,"Nulls":0,"Verdict":"Passed"},
            {"Column":"flag","Type":"String","IsNullable":true,"FilesWithout":0,"Nulls":1,"Verdict":"Passed"},
            {"Column":"picked_up","Type":"DateTime","IsNullable":false,"FilesWithout":0,"Nulls":0,"Verdict":"Passed"}],
            "Rules":[{"Rule":"a number is not finite","Rows":0,"Share":0,"Tolerance":0,
            "Severity":"Fail","Verdict":"Passed","Examples":[]}],
            "Expectations":[
            {"Statistic":"Rows","Column":null,"Share":null,"File":null,"Measured":1,"IsEstimate":false,
            "Expected":{"Min":1,"Max":null},"Allowed":[],"Others":[],"Severity":"Fail","Verdict":"Passed"},
            {"Statistic":"Mean","Column":"fare","Share":null,"File":null,"Measured":10,"IsEstimate":false,
            "Expected":{"Min":null,"Max":8},"Allowed":[],"Others":[],"Severity":"Fail","Verdict":"Failed"}],
            "History":[],"Columns":[
            {"Column":"vendor","Type":"Int32","Rows":1,"Nulls":0,"Mean":1,"StandardDeviation":null,
            "Minimum":1,"Maximum":1,"Earliest":null,"Latest":null,"Distinct":1,"IsDistinctEstimate":false,
            "Quantiles":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],
            "RankError":0,"Categories":[{"Value":"1","Rows":1}]},
            """.ReplaceLineEndings(""),
            json[..json.IndexOf("{\"Column\":\"passengers\",\"Type\":\"Int32\",\"Rows\"", StringComparison.Ordinal)]);
    }

    [Fact]
    public void CultureDoesNotMatter()
    {
        var (before, data) = (CultureInfo.CurrentCulture, Data(3));
        var expected = ContractReportText.Render(Check(data));
        try
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (",", ".");
            culture.NumberFormat.NegativeSign = "minus ";
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(expected, ContractReportText.Render(Check(data)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Json(ContractReport report) => JsonSerializer.Serialize(report);
}
