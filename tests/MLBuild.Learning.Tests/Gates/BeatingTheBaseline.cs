using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using static MLBuild.Learning.Tests.Gates.Evaluations;

namespace MLBuild.Learning.Tests.Gates;

/// <summary>A model must be better than a constant by a share of its error, and not by chance.</summary>
public sealed class BeatingTheBaseline
{
    private static readonly TrivialBaseline TenPercent = new("loss", Slice.Overall, 0.1);

    /// <summary>The challenger's loss beside that of a constant, of rows whose losses have no spread but that of the
    /// challenger.</summary>
    private static GateEvidence Beside(double challenger, double baseline, double deviation = 0, long rows = 1000) =>
        Beside(challenger, rows,
            new BaselineComparison.Measured(rows, challenger, baseline, deviation * deviation, 0, 0));

    private static GateEvidence Beside(double challenger, long rows, BaselineComparison baseline) =>
        With(ChampionState.None, rows, new MetricEvidence("loss", MetricValue.Of(challenger)) { Baseline = baseline });

    [Theory]
    [InlineData(80, 0, "pass")]
    [InlineData(90, 0, "pass")] // exactly 10 % less
    [InlineData(90.001, 0, "fail")]
    [InlineData(85, 90, "pass")] // standard error 2.846, upper bound 89.7
    [InlineData(87, 90, "inconclusive")]
    [InlineData(94, 90, "inconclusive")]
    [InlineData(96, 90, "fail")] // lower bound 91.3
    [InlineData(200, 90, "fail")]
    public void BoundsOfTheGainDecide(double challenger, double deviation, string verdict) =>
        Assert.Equal(verdict, TenPercent.Judge(Beside(challenger, 100, deviation)).Outcome switch
        {
            Outcome.Pass => "pass",
            Outcome.Inconclusive { Reason: InconclusiveReason.MarginInsideInterval } => "inconclusive",
            Outcome.Fail { Reason: FailReason.BaselineNotBeaten } => "fail",
            var other => other.ToString(),
        });

    [Fact]
    public void AConstantModelDoesNotBeatItselfHoweverSmallTheShare()
    {
        var errors = new BaselineComparisonAccumulator();
        var draws = new SeededDraws(1);
        for (var i = 0; i < 100_000; i++)
        {
            var error = Math.Pow(draws.Normal(), 2);
            errors.Add(error, error);
        }
        var comparison = errors.ToComparison();
        var value = Assert.IsType<BaselineComparison.Measured>(comparison).Challenger;
        Assert.Equal(
            Fail(FailReason.BaselineNotBeaten),
            new TrivialBaseline("loss", Slice.Overall, 0.01).Judge(Beside(value, 100_000, comparison)).Outcome);
    }

    [Fact]
    public void PairsAreWorthMoreThanTwoMeans()
    {
        // Both err on the same rows: the challenger by 12 % less on each, whatever the row.
        var draws = new SeededDraws(2);
        var errors = new BaselineComparisonAccumulator();
        for (var i = 0; i < 500; i++)
        {
            var error = Math.Exp(2 * draws.Normal());
            errors.Add(0.88 * error, error);
        }
        var paired = Assert.IsType<BaselineComparison.Measured>(errors.ToComparison());
        Assert.Equal(new Outcome.Pass(), TenPercent.Judge(Beside(paired.Challenger, 500, paired)).Outcome);
        var unpaired = paired with { Covariance = 0 };
        Assert.IsType<Outcome.Inconclusive>(TenPercent.Judge(Beside(paired.Challenger, 500, unpaired)).Outcome);
    }

    [Fact]
    public void MomentsAreThoseOfTheTextbook()
    {
        var errors = new BaselineComparisonAccumulator();
        foreach (var (challenger, baseline) in new[] { (1.0, 4.0), (2, 1), (3, 7), (6, 8) })
            errors.Add(challenger, baseline);
        // Means 3 and 5; squares 4+1+0+9 and 1+16+4+9; products 2+4+0+9; all by n - 1 = 3.
        Assert.Equal(new BaselineComparison.Measured(4, 3, 5, 14.0 / 3, 10, 5), errors.ToComparison());
    }

    [Fact]
    public void ResultKeepsWhatItIsBasedOn()
    {
        var result = TenPercent.Judge(Beside(85, 100, 90));
        Assert.Equal((RuleKind.TrivialBaseline, "loss", "overall"), (result.Rule, result.Metric, result.Slice));
        Assert.Equal((85.0, null, 1000), (result.Value, result.Champion, result.Rows));
        Assert.Equal((null, 90.0), (result.Limit!.Min, result.Limit.Max));
        Assert.Equal(-5, result.Difference!.Mean);
        Assert.Equal(
            "loss overall: 85 against a constant prediction's 100, expected at most 90, 10 % less; difference to that "
            + "-5 (95 % bounds -9.681335 and -0.318665) (1,000 rows).",
            result.Sentence);
    }

    [Fact]
    public void InconclusiveSaysHowManyRowsWouldDecide()
    {
        // Standard deviation 90, distance 5: (1.645 + 0.842)² · 90² / 25 = 2,003.2.
        var result = TenPercent.Judge(Beside(85, 100, 90, rows: 500));
        Assert.Equal(new Outcome.Inconclusive(InconclusiveReason.MarginInsideInterval, 2004 - 500), result.Outcome);
        Assert.EndsWith(" (500 rows); about 1,504 more rows would decide.", result.Sentence);
        Assert.Equal(
            new Outcome.Inconclusive(InconclusiveReason.TooFewRows, 1),
            TenPercent.Judge(Beside(1, 100, rows: 29)).Outcome);
    }

    [Fact]
    public void NothingIsBetterThanAConstantWithoutError()
    {
        var result = TenPercent.Judge(Beside(0, 0));
        Assert.Equal(Fail(FailReason.BaselineNotBeaten), result.Outcome);
        Assert.Equal(
            "loss overall: 0 against a constant prediction's 0, expected at most 0, 10 % less; difference to that 0 "
            + "(95 % bounds 0 and 0) (1,000 rows); all labels are equal to the constant.",
            result.Sentence);
    }

    public static TheoryData<string, FailReason, BaselineComparison> NotCompared => new()
    {
        {
            "the baseline was not measured: there are no training rows",
            FailReason.BaselineNotMeasured, new BaselineComparison.Missing("there are no training rows")
        },
        {
            "it is 5 on 1,000 rows, and 5 on 999 rows beside the baseline; "
            + "measure both on the same rows in the same unit",
            FailReason.MeasurementsDisagree, new BaselineComparison.Measured(999, 5, 10, 1, 1, 0)
        },
        {
            "it is 5 on 1,000 rows, and 2.236068 on 1,000 rows beside the baseline; "
            + "measure both on the same rows in the same unit",
            FailReason.MeasurementsDisagree, new BaselineComparison.Measured(1000, 2.236068, 10, 1, 1, 0)
        },
        {
            "an error below 0 is no error",
            FailReason.BaselineNotMeasured, new BaselineComparison.Measured(1000, 5, -10, 1, 1, 0)
        },
        {
            "the numbers are too large to compare",
            FailReason.BaselineNotMeasured, new BaselineComparison.Measured(1000, 5, 10, 1, double.MaxValue, -1e308)
        },
    };

    [Theory]
    [MemberData(nameof(NotCompared))]
    public void ComparisonThatCannotBeMadeFails(string why, FailReason reason, BaselineComparison baseline)
    {
        var result = TenPercent.Judge(Beside(5, 1000, baseline), NoChampion.PassesOnThresholds);
        Assert.Equal(Fail(reason), result.Outcome);
        Assert.Equal($"loss overall was not judged: {why}.", result.Sentence);
    }

    [Fact]
    public void EvaluationThatNobodyComparedFails() => Assert.Equal(
        "loss overall was not judged: the baseline was not measured: nobody compared.",
        TenPercent.Judge(First(5)).Sentence);

    [Theory]
    [InlineData(double.NaN, 1, "1 of 3 rows have an error that is not finite")]
    [InlineData(1, double.PositiveInfinity, "1 of 3 rows have an error that is not finite")]
    [InlineData(1e200, 1, "the errors are too large to compare")]
    public void ErrorThatIsNoNumberLeavesNoComparison(double challenger, double baseline, string why)
    {
        var errors = new BaselineComparisonAccumulator();
        errors.Add(1, 2);
        errors.Add(challenger, baseline);
        errors.Add(1, 2);
        Assert.Equal(new BaselineComparison.Missing(why), errors.ToComparison());
    }

    [Fact]
    public void NoRowAndOneRowLeaveNoComparison()
    {
        var errors = new BaselineComparisonAccumulator();
        Assert.Equal(new BaselineComparison.Missing("there are no rows"), errors.ToComparison());
        errors.Add(1, 2);
        Assert.Equal(new BaselineComparison.Missing("one row has no spread"), errors.ToComparison());
    }

    [Fact]
    public void BaselineAloneIsNoJudgement()
    {
        var report = new Gate(NoChampion.PassesOnThresholds, [TenPercent]).Judge(Beside(1, 100));
        Assert.Equal(new Outcome.Pass(), report.Results[0].Outcome);
        Assert.Equal(Fail(FailReason.NothingJudged), report.Overall);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void ShareThatCannotBeMeantIsRefused(double share) => Assert.Equal(
        FormattableString.Invariant(
            $"The gain over the baseline on loss overall is {share}. Give a share above 0 and below 1, such as 0.1: ")
        + "at 0 a constant would pass, and no model reaches 1.",
        Assert.Throws<ArgumentException>(() => new TrivialBaseline("loss", Slice.Overall, share)).Message);
}
