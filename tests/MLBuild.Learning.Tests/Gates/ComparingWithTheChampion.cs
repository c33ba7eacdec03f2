using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using static MLBuild.Learning.Tests.Gates.Evaluations;

namespace MLBuild.Learning.Tests.Gates;

/// <summary>Non-inferiority, the cap on gains, and models that have no champion.</summary>
public sealed class ComparingWithTheChampion
{
    /// <summary>The 95 % point of the standard normal distribution (NIST/SEMATECH e-Handbook 1.3.6.7.1:
    /// 1.645).</summary>
    private const double Z95 = 1.6448536269514722;

    private static NonInferiority NotWorse(Margin margin, Direction direction = Direction.LowerIsBetter) =>
        new("loss", Slice.Overall, margin, direction);

    private static GainCap Cap(double max, Direction direction = Direction.LowerIsBetter) =>
        new("loss", Slice.Overall, max, direction);

    /// <summary>10,000 draws from the standard normal distribution (Box and Muller).</summary>
    private static IEnumerable<double> Normals(int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, 10_000).Select(_ =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    [Theory]
    [InlineData(-1, 0.1, "pass")]
    [InlineData(0, 0, "pass")] // the same model twice
    [InlineData(0.5, 0, "pass")] // the margin itself
    [InlineData(0.3, 0.1, "pass")] // upper bound 0.464
    [InlineData(0.4, 0.1, "inconclusive")] // 0.236..0.564
    [InlineData(0.6, 0.1, "inconclusive")] // 0.436..0.764
    [InlineData(0.7, 0.1, "fail")] // lower bound 0.536
    [InlineData(0.500001, 0, "fail")]
    public void BoundsAgainstTheMarginDecide(double mean, double error, string verdict)
    {
        var margin = Margin.Absolute(0.5);
        var lower = NotWorse(margin).Judge(Differing(mean, error)).Outcome;
        var higher = NotWorse(margin, Direction.HigherIsBetter).Judge(Differing(-mean, error)).Outcome;
        Assert.Equal(lower, higher);
        Assert.Equal(verdict, lower switch
        {
            Outcome.Pass => "pass",
            Outcome.Inconclusive { Reason: InconclusiveReason.MarginInsideInterval, MoreRowsNeeded: > 0 } =>
                "inconclusive",
            Outcome.Fail { Reason: FailReason.WorseThanChampion } => "fail",
            var other => other.ToString(),
        });
    }

    [Fact]
    public void UpperBoundExactlyAtTheMarginPasses() =>
        Assert.Equal(new Outcome.Pass(), NotWorse(Margin.Absolute(Z95)).Judge(Differing(0, 1)).Outcome);

    [Fact]
    public void ResultKeepsWhatItIsBasedOn()
    {
        var result = NotWorse(Margin.Relative(0.02)).Judge(Differing(0.1, 0.01, rows: 900, champion: 10));
        Assert.Equal((10.1, 10.0, 900), (result.Value, result.Champion, result.Rows));
        Assert.Equal((null, 0.2), (result.Limit!.Min, result.Limit.Max));
        Assert.Equal(0.1 + (Z95 * 0.01), result.Difference!.Upper, 1e-15);
        Assert.Equal(0.1 - (Z95 * 0.01), result.Difference.Lower, 1e-15);
        Assert.Equal(
            "loss overall: 10.1 against the champion's 10, difference 0.1 (95 % bounds 0.083551 and 0.116449), "
            + "may rise by 0.2, 2 % of the champion's (900 rows).",
            result.Sentence);
    }

    [Theory]
    [InlineData(Direction.HigherIsBetter)]
    [InlineData(Direction.LowerIsBetter)]
    public void RelativeMarginIsNotTurnedRoundByANegativeMetric(Direction direction)
    {
        // R² of -0.2 may become 5 % worse: to -0.21 and no further; better is always allowed.
        var worse = direction == Direction.HigherIsBetter ? -1 : 1;
        var rule = NotWorse(Margin.Relative(0.05), direction);
        Assert.Equal(new Outcome.Pass(), Judge(worse * 0.0099));
        Assert.Equal(Fail(FailReason.WorseThanChampion), Judge(worse * 0.0101));
        Assert.Equal(new Outcome.Pass(), Judge(worse * -0.1));

        Outcome Judge(double difference) => rule.Judge(Differing(difference, 0, champion: -0.2)).Outcome;
    }

    [Fact]
    public void RowsNeededAreThoseOfTheTextbook()
    {
        // Standard deviation 1, distance 0.5 to the margin, one-sided 5 %, power 80 %: (1.645 + 0.842)² / 0.25 = 24.73,
        // and so 2,473 rows at a tenth of the distance.
        var result = NotWorse(Margin.Absolute(0.05)).Judge(Differing(0, 1 / Math.Sqrt(1000), rows: 1000));
        Assert.Equal(new Outcome.Inconclusive(InconclusiveReason.MarginInsideInterval, 2474 - 1000), result.Outcome);
        Assert.EndsWith("; about 1,474 more rows would decide.", result.Sentence);
    }

    [Fact]
    public void RowsNeededDecideInFourOfFiveEvaluations()
    {
        const double Deviation = 3, Mean = 0.1, Limit = 0.2;
        var rule = NotWorse(Margin.Absolute(Limit));
        var first = rule.Judge(Differing(Mean, Deviation / Math.Sqrt(500), rows: 500)).Outcome;
        var rows = 500 + Assert.IsType<Outcome.Inconclusive>(first).MoreRowsNeeded!.Value;
        var error = Deviation / Math.Sqrt(rows);
        var passed = Normals(seed: 20190201).Count(
            normal => rule.Judge(Differing(Mean + (error * normal), error, rows)).Outcome is Outcome.Pass);
        Assert.InRange(passed, 7_900, 8_100);
    }

    [Fact]
    public void ModelAtTheMarginPassesInOneOfTwentyEvaluations()
    {
        var rule = NotWorse(Margin.Absolute(0.2));
        var passed = Normals(seed: 20190202).Count(
            normal => rule.Judge(Differing(0.2 + (0.1 * normal), 0.1)).Outcome is Outcome.Pass);
        Assert.InRange(passed, 430, 570);
    }

    [Theory]
    [InlineData(0.5)] // the margin itself
    [InlineData(0.5 - 1e-12)]
    public void NoNumberOfRowsDecidesAtTheMargin(double mean)
    {
        var result = NotWorse(Margin.Absolute(0.5)).Judge(Differing(mean, 0.1));
        Assert.Equal(new Outcome.Inconclusive(InconclusiveReason.MarginInsideInterval, null), result.Outcome);
        Assert.EndsWith("; no number of rows would decide.", result.Sentence);
    }

    [Fact]
    public void FewRowsGiveNoBound()
    {
        var rule = NotWorse(Margin.Absolute(5));
        var result = rule.Judge(Differing(-1, 0.01, rows: 29));
        Assert.Equal(new Outcome.Inconclusive(InconclusiveReason.TooFewRows, 1), result.Outcome);
        Assert.EndsWith("(29 rows); a bound needs 30 rows, evaluate 1 more.", result.Sentence);
        Assert.Equal(new Outcome.Pass(), rule.Judge(Differing(-1, 0.01, rows: 30)).Outcome);
    }

    public static TheoryData<string, MetricValue, PairedDifference> NotCompared => new()
    {
        {
            "the champion's value is missing (measured as NaN)",
            MetricValue.Of(double.NaN), new(1000, MetricValue.Of(0), MetricValue.Of(0))
        },
        {
            "the difference to the champion is missing (the champion cannot score)",
            MetricValue.Of(1), PairedDifference.Missing("the champion cannot score")
        },
        {
            "the difference to the champion is missing (measured as -Infinity)",
            MetricValue.Of(1), new(1000, MetricValue.Of(double.NegativeInfinity), MetricValue.Of(1))
        },
        {
            "the standard error of the difference to the champion is missing (measured as NaN)",
            MetricValue.Of(1), new(1000, MetricValue.Of(0), MetricValue.Of(double.NaN))
        },
        {
            "the standard error of the difference to the champion is -1",
            MetricValue.Of(1), new(1000, MetricValue.Of(0), MetricValue.Of(-1))
        },
        {
            "no rows were compared with the champion's",
            MetricValue.Of(1), new(0, MetricValue.Of(0), MetricValue.Of(0))
        },
        {
            "the numbers are too large to compare",
            MetricValue.Of(1), new(1000, MetricValue.Of(0), MetricValue.Of(1.7e308))
        },
    };

    [Theory]
    [MemberData(nameof(NotCompared))]
    public void ComparisonThatCannotBeMadeFails(string why, MetricValue champion, PairedDifference difference)
    {
        var evidence = With(
            ChampionState.Serving, 1000, new MetricEvidence("loss", MetricValue.Of(1), champion, difference));
        // The choice for a first model is no way round a champion that was not measured.
        var result = NotWorse(Margin.Absolute(1e300)).Judge(evidence, NoChampion.PassesOnThresholds);
        Assert.Equal(Fail(FailReason.ChampionNotMeasured), result.Outcome);
        Assert.Equal($"loss overall was not judged: {why}.", result.Sentence);
    }

    [Theory]
    [InlineData(NoChampion.Fails, false)]
    [InlineData(NoChampion.PassesOnThresholds, true)]
    public void FirstModelEverIsTheGatesChoice(NoChampion choice, bool passes)
    {
        GateRule[] rules = [NotWorse(Margin.Absolute(1)), Cap(0.3)];
        Assert.All(rules, rule =>
        {
            var result = rule.Judge(First(5), choice);
            Assert.Equal(passes ? new Outcome.Pass() : Fail(FailReason.NoChampion), result.Outcome);
            Assert.Equal(
                passes
                    ? "loss overall has no champion to compare with: thresholds decide."
                    : "loss overall was not judged: there is no champion, and this gate wants one.",
                result.Sentence);
        });
    }

    [Theory]
    [InlineData(10, 7.01, true)]
    [InlineData(10, 7, true)]
    [InlineData(10, 6.99, false)]
    [InlineData(10, 1000, true)] // worse is not suspicious
    [InlineData(-10, -12.9, true)]
    [InlineData(-10, -13.1, false)]
    [InlineData(-10, -5, true)]
    [InlineData(0, 0, true)]
    [InlineData(0, 1, true)]
    [InlineData(0, -1e-9, false)]
    public void GainBeyondTheCapIsSuspicious(double champion, double challenger, bool passes)
    {
        var expected = passes ? new Outcome.Pass() : Fail(FailReason.SuspiciousGain);
        Assert.Equal(expected, Cap(0.3).Judge(Against(champion, challenger)).Outcome);
        Assert.Equal(expected, Cap(0.3, Direction.HigherIsBetter).Judge(Against(-champion, -challenger)).Outcome);
    }

    [Fact]
    public void NoGainFromAChampionAtZeroIsBelievable()
    {
        var result = Cap(0.3, Direction.HigherIsBetter).Judge(Against(0, 0.4));
        Assert.Equal(Fail(FailReason.SuspiciousGain), result.Outcome);
        Assert.Equal(
            "loss overall: 0.4 against the champion's 0, a gain beyond 30 % of 0 (1,000 rows); "
            + "look for the label among the features.",
            result.Sentence);
        Assert.Equal((null, 0.0), (result.Limit!.Min, result.Limit.Max));
    }

    [Theory]
    [InlineData(-0.2, 0.7)] // R² from below zero to very good: a share of -0.2 is no gain of 0.9
    [InlineData(-1e-300, 1e-3)]
    public void GainAcrossZeroIsMeasuredByTheChampionsSize(double champion, double challenger) => Assert.Equal(
        Fail(FailReason.SuspiciousGain),
        Cap(0.5, Direction.HigherIsBetter).Judge(Against(champion, challenger)).Outcome);

    [Fact]
    public void GainThatIsNoNumberFails() => Assert.Equal(
        Fail(FailReason.ChampionNotMeasured), Cap(0.3).Judge(Against(1.7e308, -1.7e308)).Outcome);
}
