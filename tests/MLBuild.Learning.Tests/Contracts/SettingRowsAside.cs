using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>Row rules: which rows leave the data set, how they are counted, when there are too many.</summary>
public sealed class SettingRowsAside
{
    private static readonly Contract<Trip> Fares = Contract.For<Trip>()
        .Column(t => t.Fare, c => c.Range(2.5, 250, tolerance: 0.25))
        .Row("free and far", 0.25, (trip, _) => trip is { Fare: <= 0, Distance: > 10 }, t => t.Fare, t => t.Distance);

    private static RuleReport Rule(ContractReport report, string name) =>
        Assert.Single(report.Rules, rule => rule.Rule == name);

    [Fact]
    public void OutcomeNamesTheFirstBrokenRule()
    {
        var check = Fares.Begin();
        check.Open("a.csv", Trips.Header);
        Assert.Equal(new RowOutcome.Accepted(), check.Check(new(), new("a.csv", 2)));
        Assert.Equal(
            new RowOutcome.SetAside("fare outside 2.5..250"),
            check.Check(new() { Fare = -52, Distance = 11 }, new("a.csv", 3)));
        Assert.Equal(
            new RowOutcome.SetAside("a number is not finite"),
            check.Check(new() { Fare = -52, Distance = double.NaN }, new("a.csv", 4)));
    }

    [Fact]
    public void RowCountsInEveryRuleItBreaks()
    {
        var report = Fares.Check(new Trip { Fare = -52, Distance = 11 }, new Trip { Fare = -1 }, new Trip());
        Assert.Equal(2, Rule(report, "fare outside 2.5..250").Rows);
        Assert.Equal(1, Rule(report, "free and far").Rows);
        Assert.Equal((3, 1, 2), (report.RowsSeen, report.RowsAccepted, report.RowsSetAside));
    }

    [Fact]
    public void LimitsOfARangeAreInside() =>
        Assert.Equal(2, Fares.Check(Trips.WithFares(2.5, 250, 2.4999, 250.001)).RowsAccepted);

    [Fact]
    public void RowWithoutAValueKeepsARange() => Assert.True(
        Contract.For<Trip>()
            .Column(t => t.Passengers, c => c.Range(1, 6))
            .Check(new Trip { Passengers = null })
            .Passed);

    [Theory]
    [InlineData(1, CheckVerdict.Passed)]
    [InlineData(2, CheckVerdict.Failed)]
    public void ShareExactlyAtTheToleranceKeepsTheRule(int broken, CheckVerdict expected)
    {
        // 0.001 has no exact double; 1 of 1,000 must still be within it.
        var contract = Contract.For<Trip>().Column(t => t.Fare, c => c.Range(0, 100, tolerance: 0.001));
        var report = contract.Check(
            [.. Trips.WithFares(Enumerable.Repeat(-1.0, broken)), .. Trips.Good(1000 - broken)]);
        var rule = Rule(report, "fare outside 0..100");
        Assert.Equal((broken / 1000.0, expected), (rule.Share, rule.Verdict));
        Assert.Equal(expected == CheckVerdict.Passed, report.Passed);
    }

    [Fact]
    public void EveryDecimalToleranceHoldsForItsOwnShare()
    {
        for (var broken = 0; broken <= 1000; broken++)
        {
            var tolerance = double.Parse($"{broken / 1000m}", System.Globalization.CultureInfo.InvariantCulture);
            var contract = Contract.For<Trip>().Row("odd", tolerance, (_, source) => source.Line < broken + 2);
            Assert.Equal(CheckVerdict.Passed, Rule(contract.Check(Trips.Good(1000)), "odd").Verdict);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void NumberThatIsNotFiniteBreaksARuleOfItsOwn(double fare)
    {
        var report = Contract.For<Trip>()
            .Column(t => t.Fare, c => c.Range(0, 100))
            .Check(Trips.WithFares(fare, 10));
        var rule = Rule(report, "a number is not finite");
        Assert.Equal((1, CheckVerdict.Failed), (rule.Rows, rule.Verdict));
        Assert.Equal("fare", Assert.Single(Assert.Single(rule.Examples).Values).Column);
        Assert.Equal(0, Rule(report, "fare outside 0..100").Rows);
        Assert.Equal(10, report.Columns.Single(column => column.Column == "fare").Mean);
    }

    [Fact]
    public void NumbersThatAreNotFiniteCanBeTolerated() =>
        Assert.True(Contract.For<Trip>().NonFinite(tolerance: 0.5).Check(Trips.WithFares(double.NaN, 1)).Passed);

    [Fact]
    public void RowOfAWarningIsCountedAndStays()
    {
        var report = Contract.For<Trip>().Warning(w => w.Row("odd", 0, (trip, _) => trip.Fare < 0))
            .Check(Trips.WithFares(-1, 1));
        Assert.Equal((0, 2, 1, CheckVerdict.Warned, true), (report.RowsSetAside, report.RowsAccepted,
            Rule(report, "odd").Rows, Rule(report, "odd").Verdict, report.Passed));
    }

    [Fact]
    public void RuleSeesTheFileAndWhatTheContractWasBuiltWith()
    {
        static Contract<Trip> Of(DateTime asOf) => Contract.For<Trip>()
            .Row("outside the file's month", 1, (trip, source) => !source.File.StartsWith($"{trip.PickedUp:yyyy-MM}"))
            .Row("later than the data", 1, (trip, _) => trip.PickedUp > asOf);
        var report = Of(new(2019, 2, 10)).Check(
            new Trip { PickedUp = new(2008, 12, 31) }, new Trip { PickedUp = new(2019, 2, 11) }, new Trip());
        Assert.Equal([0, 1, 1], report.Rules.Select(rule => rule.Rows));
    }

    [Fact]
    public void FirstThreeExamplesAreKeptWithTheirValues()
    {
        var report = Fares.Check([.. Trips.Good(1), .. Trips.WithFares(-1, -2.5, -3, -4)]);
        var examples = Rule(report, "fare outside 2.5..250").Examples;
        Assert.Equal([3, 4, 5], examples.Select(example => example.Line));
        Assert.Equal(["-1", "-2.5", "-3"], examples.Select(example => example.Values.Single().Value));
        Assert.All(examples, example => Assert.Equal("2019-02.csv", example.File));
    }
}
