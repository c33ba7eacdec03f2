using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>Columns that only training data has, and what a column must be.</summary>
public sealed class CheckingWhereDataIsUsed
{
    private static readonly Contract<Trip> Labelled = Contract.For<Trip>()
        .OnlyInTraining(t => t.Fare)
        .Column(t => t.Fare, c => c.Range(1, 100).Mean(5, 15).Categories(10).Steady())
        .Row("free and far", 0, (trip, _) => trip is { Fare: 0, Distance: > 10 }, t => t.Fare, t => t.Distance)
        .Row("far", 0, (trip, _) => trip.Distance > 100, t => t.Distance)
        .Unique("key", 1, t => t.Fare);

    private static ContractReport Serve(string[] header)
    {
        var check = Labelled.At(ContractEnvironment.Serving).Begin();
        check.Open("requests", header);
        check.Check(new() { Fare = 0, Distance = 20 }, new("requests", 1));
        return check.Complete();
    }

    [Fact]
    public void ServingHasNoChecksOfLabels()
    {
        var report = Serve([.. Trips.Header.Except(["fare"])]);
        Assert.True(report.Passed);
        Assert.Equal(["a number is not finite", "far"], report.Rules.Select(rule => rule.Rule));
        Assert.DoesNotContain(report.Columns, column => column.Column == "fare");
        Assert.DoesNotContain(report.Schema, column => column.Column == "fare");
        Assert.Empty(report.History);
        Assert.Equal(Statistic.Rows, Assert.Single(report.Expectations).Statistic);
    }

    [Fact]
    public void LabelAtServingIsUnexpected() =>
        Assert.Equal(["fare"], Assert.Single(Serve(Trips.Header).Headers.Differences).Extra);

    [Fact]
    public void TrainingHasAll()
    {
        var report = Labelled.At(ContractEnvironment.Training).Check(new Trip { Fare = 0, Distance = 20 });
        Assert.Equal(5, report.Rules.Count);
        Assert.False(report.Passed);
    }

    [Fact]
    public void EveryColumnIsRecordedWithWhatIsAbsent()
    {
        var check = Contract.For<Trip>().AllowsMissingColumns("flag").Begin();
        check.Open("a", Trips.Header);
        check.Open("b", [.. Trips.Header.Except(["flag"])]);
        check.Check(new() { Flag = "Y", Passengers = null }, new("a", 2));
        check.Check(new(), new("b", 2));
        var report = check.Complete();
        Assert.Equal(
            new SchemaReport("flag", ColumnType.String, true, 1, 1, CheckVerdict.Passed),
            report.Schema.Single(column => column.Column == "flag"));
        Assert.Equal(1, report.Schema.Single(column => column.Column == "passengers").Nulls);
    }

    [Fact]
    public void ColumnThatMustHaveValuesFailsWithoutOne()
    {
        var check = Contract.For<Named>().Begin();
        check.Open("a", ["name"]);
        check.Check(new() { Name = null! }, new("a", 2));
        var report = check.Complete();
        Assert.False(report.Passed);
        Assert.Contains("  values of name  1 row without, expected none\n", ContractReportText.Render(report));
    }

    private sealed class Named
    {
        [Column("name")]
        public string Name { get; set; } = "";
    }
}
