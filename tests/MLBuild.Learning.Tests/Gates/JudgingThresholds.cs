using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using static MLBuild.Learning.Tests.Gates.Evaluations;

namespace MLBuild.Learning.Tests.Gates;

/// <summary>Thresholds, row counts, and everything that keeps a value from being there.</summary>
public sealed class JudgingThresholds
{
    private static readonly Threshold AtMostSix = new("loss", Slice.Overall, max: 6);

    [Theory]
    [InlineData(5.999, true)]
    [InlineData(6, true)]
    [InlineData(6.001, false)]
    [InlineData(-100, true)]
    public void LimitIsWithin(double value, bool passes)
    {
        var result = AtMostSix.Judge(First(value));
        Assert.Equal(passes ? new Outcome.Pass() : Fail(FailReason.OutsideThreshold), result.Outcome);
        Assert.Equal((value, 6, 1000), (result.Value, result.Limit!.Max, result.Rows));
        Assert.Equal((RuleKind.Threshold, "loss", "overall"), (result.Rule, result.Metric, result.Slice));
    }

    [Fact]
    public void BothLimitsHold()
    {
        var rule = new Threshold("loss", Slice.Overall, min: 1, max: 2);
        Assert.Equal(
            [false, true, true, false],
            new[] { 0.9, 1, 2, 2.1 }.Select(value => rule.Judge(First(value)).Outcome is Outcome.Pass));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void ValueThatIsNotFiniteFailsEveryRule(double value)
    {
        GateRule[] rules =
        [
            new Threshold("loss", Slice.Overall, min: -1e300),
            new Threshold("loss", Slice.Overall, max: 1e300),
            new NonInferiority("loss", Slice.Overall, Margin.Absolute(1e300)),
            new GainCap("loss", Slice.Overall, 1e300),
        ];
        var evidence = Against(1, value, new(1000, MetricValue.Of(0), MetricValue.Of(1)));
        Assert.All(rules, rule =>
        {
            var result = rule.Judge(evidence);
            Assert.Equal((Fail(FailReason.NotMeasured), null), (result.Outcome, result.Value));
            Assert.Equal(
                "loss overall was not judged: its value is missing "
                + FormattableString.Invariant($"(measured as {value})."),
                result.Sentence);
        });
    }

    [Fact]
    public void MissingValueFailsWithItsReason()
    {
        var result = AtMostSix.Judge(
            With(ChampionState.None, 9,
                new MetricEvidence("loss", new MetricValue.Missing("the slice has one class only"))));
        Assert.Equal(Fail(FailReason.NotMeasured), result.Outcome);
        Assert.Equal(
            "loss overall was not judged: its value is missing (the slice has one class only).", result.Sentence);
    }

    [Fact]
    public void MissingMetricFailsAndTheOthersAreNamed()
    {
        var result = AtMostSix.Judge(With(
            ChampionState.None, 9, new("mae", MetricValue.Of(1)), new("rmse", MetricValue.Of(1))));
        Assert.Equal(Fail(FailReason.MetricMissing), result.Outcome);
        Assert.Equal(
            "loss overall was not judged: the evaluation has no such metric; it has mae, rmse.", result.Sentence);
    }

    [Fact]
    public void MissingSliceFailsAndTheOthersAreNamed()
    {
        var result = new Threshold("loss", Queens, max: 6).Judge(First(1));
        Assert.Equal((Fail(FailReason.SliceMissing), null), (result.Outcome, result.Rows));
        Assert.Equal(
            "loss in borough=Queens was not judged: the evaluation has no such slice; it has overall.",
            result.Sentence);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void SliceWithoutRowsFailsWhateverItsValue(long rows)
    {
        var evidence = With(ChampionState.None, rows, new MetricEvidence("loss", MetricValue.Of(1)));
        Assert.Equal(Fail(FailReason.SliceEmpty), AtMostSix.Judge(evidence).Outcome);
        Assert.Equal(Fail(FailReason.SliceEmpty), new MinimumRows(Slice.Overall, 1).Judge(evidence).Outcome);
    }

    [Fact]
    public void SliceWithTooFewRowsIsInconclusive()
    {
        var rule = new MinimumRows(Slice.Overall, 1200);
        var result = rule.Judge(First(1));
        Assert.Equal(new Outcome.Inconclusive(InconclusiveReason.TooFewRows, 200), result.Outcome);
        Assert.Equal("overall has 1,000 rows, expected at least 1,200; evaluate 200 more.", result.Sentence);
        Assert.Equal(new Outcome.Pass(), new MinimumRows(Slice.Overall, 1000).Judge(First(1)).Outcome);
    }

    [Fact]
    public void DeclaredSliceMustBeThere()
    {
        var result = new MinimumRows(Queens, 1).Judge(First(1));
        Assert.Equal(Fail(FailReason.SliceMissing), result.Outcome);
        Assert.Equal("borough=Queens is missing: the evaluation has no such slice; it has overall.", result.Sentence);
    }
}
