using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>Expectations of the rows that remain, and what is measured of their columns.</summary>
public sealed class ExpectingOfDataSets
{
    private static readonly Contract<Trip> Empty = Contract.For<Trip>();

    private static ColumnStatistics Column(ContractReport report, string name) =>
        report.Columns.Single(column => column.Column == name);

    [Fact]
    public void StatisticsAreThoseOfTheTextbook()
    {
        // NIST/SEMATECH e-Handbook, StRD "NumAcc1": mean 10000002, sample standard deviation 1.
        var fare = Column(Empty.Check(Trips.WithFares(10000001, 10000003, 10000002)), "fare");
        Assert.Equal((3, 0, 10000002.0, 1.0), (fare.Rows, fare.Nulls, fare.Mean, fare.StandardDeviation));
        Assert.Equal((10000001, 10000003), (fare.Minimum, fare.Maximum));
        Assert.Equal((3, false), (fare.Distinct, fare.IsDistinctEstimate));
    }

    [Fact]
    public void StatisticsKeepTheirDigitsFarFromZero()
    {
        // StRD "NumAcc4": 1,001 numbers, mean 10000000.2, sample standard deviation 0.1.
        var numbers = Enumerable.Range(0, 1001).Select(i => i == 0 ? 10000000.2 : i % 2 == 1 ? 10000000.1 : 10000000.3);
        var fare = Column(Empty.Check(Trips.WithFares(numbers)), "fare");
        Assert.Equal(10000000.2, fare.Mean!.Value, 1e-8);
        Assert.Equal(0.1, fare.StandardDeviation!.Value, 1e-7);
    }

    [Fact]
    public void ColumnOfDatesHasEarliestAndLatest()
    {
        var report = Empty.Check(
            new Trip { PickedUp = new(2019, 2, 3) }, new Trip(), new Trip { PickedUp = new(2019, 2, 2) });
        var column = Column(report, "picked_up");
        Assert.Equal((new DateTime(2019, 2, 1), new DateTime(2019, 2, 3)), (column.Earliest, column.Latest));
        Assert.Equal((null, null, 3), (column.Mean, column.Minimum, column.Distinct));
    }

    [Fact]
    public void RowsSetAsideAreNotMeasured()
    {
        var report = Empty.Column(t => t.Fare, c => c.Range(0, 100, tolerance: 1).Maximum(max: 100))
            .Check(Trips.WithFares(429_490.20, 7));
        Assert.Equal(7, Column(report, "fare").Mean);
        Assert.True(report.Passed);
    }

    [Theory]
    [InlineData(Statistic.Mean, 5.0)]
    [InlineData(Statistic.StandardDeviation, 2.0)]
    [InlineData(Statistic.Minimum, 3.0)]
    [InlineData(Statistic.Maximum, 7.0)]
    [InlineData(Statistic.Cardinality, 3.0)]
    [InlineData(Statistic.NullRatio, 0.0)]
    public void ValueAtALimitIsWithinIt(Statistic statistic, double measured)
    {
        Assert.Equal((measured, CheckVerdict.Passed), Judge(measured, measured));
        Assert.Equal((measured, CheckVerdict.Failed), Judge(measured + 1e-9, null));
        Assert.Equal((measured, CheckVerdict.Failed), Judge(null, measured - 1e-9));

        (double?, CheckVerdict) Judge(double? min, double? max)
        {
            var report = Empty.Column(t => t.Fare, c => statistic switch
            {
                Statistic.Mean => c.Mean(min, max),
                Statistic.StandardDeviation => c.StandardDeviation(min, max),
                Statistic.Minimum => c.Minimum(min, max),
                Statistic.Maximum => c.Maximum(min, max),
                Statistic.NullRatio => c.NullRatio(min, max),
                _ => c.Cardinality(min is { } low ? (int)Math.Ceiling(low) : null, max is { } high ? (int)high : null),
            }).Check(Trips.WithFares(3, 5, 7));
            var expectation = report.Only(statistic);
            return (expectation.Measured, expectation.Verdict);
        }
    }

    [Fact]
    public void DataWithoutRowsIsRefusedAndHasNoStatistics()
    {
        var report = Empty.Column(t => t.Fare, c => c.Mean(0, 1).NullRatio(max: 1).Cardinality(max: 9)).Check();
        Assert.False(report.Passed);
        Assert.Equal(CheckVerdict.Failed, report.Only(Statistic.Rows).Verdict);
        Assert.All(
            report.Expectations.Where(expectation => expectation.Column is not null),
            expectation => Assert.Equal((null, CheckVerdict.Failed), (expectation.Measured, expectation.Verdict)));
        Assert.All(report.Rules, rule => Assert.Null(rule.Share));
        Assert.All(
            report.Columns,
            column => Assert.Equal((0, null, null), (column.Rows, column.Mean, column.StandardDeviation)));
    }

    [Fact]
    public void NoFileAtAllIsRefused() => Assert.False(Empty.Begin().Complete().Passed);

    [Fact]
    public void DataWithEveryRowSetAsideIsRefusedHoweverTolerant() =>
        Assert.False(Empty.Row("all", 1, (_, _) => true).Check(Trips.Good(5)).Passed);

    [Fact]
    public void WarningAboutFewRowsDoesNotLetNoRowsPass()
    {
        var contract = Empty.Warning(w => w.Rows(min: 10));
        Assert.True(contract.Check(Trips.Good(9)).Passed);
        Assert.False(contract.Row("all", 1, (_, _) => true).Check(Trips.Good(9)).Passed);
    }

    [Fact]
    public void ColumnWithoutAnyValueSatisfiesNoMean()
    {
        var report = Empty
            .Column(t => t.Passengers, c => c.Mean(0, 10).NullRatio(max: 0.5).Cardinality(max: 9))
            .Check(Enumerable.Repeat(new Trip { Passengers = null }, 4));
        var (mean, nulls) = (report.Only(Statistic.Mean), report.Only(Statistic.NullRatio));
        Assert.Equal((null, CheckVerdict.Failed), (mean.Measured, mean.Verdict));
        Assert.Equal((1, CheckVerdict.Failed), (nulls.Measured, nulls.Verdict));
        Assert.Equal(0, report.Only(Statistic.Cardinality).Measured);
    }

    [Fact]
    public void SumBeyondADoubleIsNoMean()
    {
        var fare = Column(Empty.Check(Trips.WithFares(1.7e308, 1.7e308, -1.7e308)), "fare");
        Assert.Equal((null, null, 1.7e308), (fare.Mean, fare.StandardDeviation, fare.Maximum));
    }

    [Fact]
    public void DistinctValuesAreCountedUpToTheCap()
    {
        var cap = ContractCheck<Trip>.DistinctCap;
        var contract = Empty
            .Column(t => t.Fare, c => c.Cardinality(min: 2))
            .Column(t => t.Vendor, c => c.Cardinality(max: 5));
        var exact = contract.Check(Trips.WithFares(Enumerable.Range(1, cap).Select(i => (double)i)));
        Assert.Equal((cap, false), (Column(exact, "fare").Distinct, Column(exact, "fare").IsDistinctEstimate));
        var more = contract.Check(Enumerable.Range(1, cap + 1).Select(i => new Trip { Fare = i, Vendor = i }));
        Assert.True(Column(more, "fare").IsDistinctEstimate);
        Assert.InRange(Column(more, "fare").Distinct, cap * 0.95, cap * 1.05);
        Assert.Equal(
            [CheckVerdict.Passed, CheckVerdict.Failed],
            more.Expectations.Where(e => e.Statistic == Statistic.Cardinality).Select(e => e.Verdict));
    }

    [Fact]
    public void CapGrowsWithTheLimitOfTheContract()
    {
        var limit = ContractCheck<Trip>.DistinctCap + 5;
        var contract = Empty.Column(t => t.Fare, c => c.Cardinality(min: limit, max: limit));
        Assert.False(Of(limit - 1).Passed);
        Assert.True(Of(limit).Passed);
        Assert.False(Of(limit + 1).Passed);

        ContractReport Of(int values) =>
            contract.Check(Trips.WithFares(Enumerable.Range(1, values).Select(i => (double)i)));
    }

    [Fact]
    public void CategoriesBesideTheAllowedOnesAreCountedAndNamed()
    {
        var report = Empty.Column(t => t.Flag, c => c.Categories("Y", "N"))
            .Check(new[] { "Y", null, "z", "F", "F", "e", "d", "c", "b", "", "N" }
                .Select(flag => new Trip { Flag = flag }));
        var expectation = report.Only(Statistic.OtherCategories);
        Assert.Equal((8, CheckVerdict.Failed), (expectation.Measured, expectation.Verdict));
        Assert.Equal(["", "F", "b", "c", "d"], expectation.Others);
        Assert.Equal(11, report.RowsAccepted);
    }

    [Fact]
    public void AllowedCategoriesHaveTheTypeOfTheColumn() => Assert.True(
        Empty
            .Column(t => t.Passengers, c => c.Categories(1, 2))
            .Check(new Trip { Passengers = 2 }, new Trip { Passengers = null })
            .Passed);

    [Fact]
    public void EachFileHasItsOwnRowCount()
    {
        var check = Empty.RowsPerFile(min: 1, max: 2).Begin();
        foreach (var file in new[] { "c", "a", "b" })
            check.Open(file, Trips.Header);
        foreach (var line in new[] { 2, 3, 4 })
            check.Check(new(), new("b", line));
        check.Check(new(), new("a", 2));
        var files = check.Complete().Expectations.Where(expectation => expectation.File is not null);
        Assert.Equal(
            [("a", 1, CheckVerdict.Passed), ("b", 3, CheckVerdict.Failed), ("c", 0, CheckVerdict.Failed)],
            files.Select(e => (e.File!, (int)e.Measured!, e.Verdict)));
    }
}
