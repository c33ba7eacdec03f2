using System.Text.Json;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using static MLBuild.Learning.Tests.Gates.Evaluations;

namespace MLBuild.Learning.Tests.Gates;

/// <summary>Rules as they are often written, each beside what fools it, and the gate that is not fooled.</summary>
public sealed class ResistingTraps
{
    private static readonly Threshold AtMostSix = new("loss", Slice.Overall, max: 6);

    /// <summary>The rule of many gates: how much better, as a share of the champion's value. Refuses what is
    /// worse by more than 5 %.</summary>
    private static bool NaiveRelativeChangePasses(double champion, double challenger) =>
        !((champion - challenger) / champion < -0.05);

    private static Outcome Compared(double champion, double challenger, double difference) =>
        new NonInferiority("loss", Slice.Overall, Margin.Relative(0.05)).Judge(
            Against(champion, challenger, new(1000, MetricValue.Of(difference), MetricValue.Of(0.001)))).Outcome;

    // ML.NET has log-loss in bits where there are two classes, and in nats where there are more.
    [Fact]
    public void LossInNatsIsNoBetterThanOneInBits()
    {
        const double ChampionNats = 0.60, ChallengerNats = 0.66;
        var championBits = ChampionNats / Math.Log(2);
        Assert.True(NaiveRelativeChangePasses(championBits, ChallengerNats));
        Assert.Equal(
            Fail(FailReason.MeasurementsDisagree),
            Compared(championBits, ChallengerNats, ChallengerNats - ChampionNats));
        Assert.Equal(
            Fail(FailReason.WorseThanChampion),
            Compared(ChampionNats, ChallengerNats, ChallengerNats - ChampionNats));
    }

    [Fact]
    public void ValuesOfOtherRowsThanTheirDifferenceAreSaid()
    {
        var result = new NonInferiority("loss", Slice.Overall, Margin.Absolute(1)).Judge(
            Against(10, 8, new(1000, MetricValue.Of(3), MetricValue.Of(0.1))));
        Assert.Equal(Fail(FailReason.MeasurementsDisagree), result.Outcome);
        Assert.Equal(
            "loss overall was not judged: the values 8 and 10 of challenger and champion differ by -2, row by row by 3"
            + "; measure all of them on the same rows in the same unit.",
            result.Sentence);
    }

    // A probability of 0 for what happened, without clipping.
    [Fact]
    public void InfiniteLossOfTheChampionLetsNobodyPass()
    {
        Assert.True(NaiveRelativeChangePasses(double.PositiveInfinity, 1e9));
        Assert.Equal(
            Fail(FailReason.ChampionNotMeasured), Compared(double.PositiveInfinity, 1e9, double.NegativeInfinity));
    }

    [Fact]
    public void ModelIsNoBetterForRowsThatItCannotScore()
    {
        // Rows of large errors, which it answers with NaN.
        (double Actual, double Score)[] rows =
            [.. Enumerable.Range(0, 99).Select(i => ((double)i, i + 1.0)), (1000, double.NaN)];
        var naive = Math.Sqrt(rows.Where(row => double.IsFinite(row.Score))
            .Average(row => Math.Pow(row.Score - row.Actual, 2)));
        Assert.Equal(1, naive);
        var accumulator = new RegressionAccumulator();
        foreach (var (actual, score) in rows)
            accumulator.Add(actual, score);
        var result = AtMostSix.Judge(
            With(ChampionState.None, rows.Length, new MetricEvidence("loss", accumulator.ToMetrics().Rmse)));
        Assert.Equal(Fail(FailReason.NotMeasured), result.Outcome);
        Assert.Equal(
            "loss overall was not judged: its value is missing (1 of 100 rows have a value that is not finite).",
            result.Sentence);
    }

    [Fact]
    public void NotANumberDoesNotPass()
    {
        Assert.True(NaiveRelativeChangePasses(5, double.NaN));
        Assert.True(NaiveRelativeChangePasses(0, 0)); // 0 / 0
        Assert.Equal(Fail(FailReason.NotMeasured), Compared(5, double.NaN, double.NaN));
        Assert.Equal(Fail(FailReason.WorseThanChampion), Compared(0, 0.1, 0.1));
    }

    [Fact]
    public void NoMeasurementIsNoSuccess()
    {
        // All of none hold.
        Assert.True(Array.Empty<double>().All(value => value <= 6));
        var report = new Gate(NoChampion.PassesOnThresholds, [AtMostSix]).Judge(new(ChampionState.None, []));
        Assert.Equal(
            [Fail(FailReason.SliceMissing), Fail(FailReason.NothingMeasured)],
            report.Results.Select(result => result.Outcome));
    }

    [Fact]
    public void InconclusiveDoesNotOverwriteFailed()
    {
        // The last one decides, where each outcome is written over the one before.
        Outcome[] outcomes =
            [Fail(FailReason.OutsideThreshold), new Outcome.Inconclusive(InconclusiveReason.TooFewRows, 1)];
        Assert.IsType<Outcome.Inconclusive>(outcomes.Aggregate((_, last) => last));
        var rules = new GateRule[]
        {
            new Threshold("loss", Slice.Overall, max: 0), new MinimumRows(Slice.Overall, 1_001),
        };
        foreach (var order in new[] { rules, [.. rules.Reverse()] })
        {
            var report = new Gate(NoChampion.PassesOnThresholds, order).Judge(First(1));
            Assert.Equal(Fail(FailReason.OutsideThreshold), report.Overall);
        }
    }

    [Fact]
    public void MetricThatCouldNotBeMeasuredDoesNotDropOut()
    {
        // What is not in the report breaks no limit of it.
        var measured = new Dictionary<string, double> { ["mae"] = 1 };
        var limits = new Dictionary<string, double> { ["mae"] = 2, ["loss"] = 6 };
        Assert.True(measured.All(metric => metric.Value <= limits[metric.Key]));
        Assert.Equal(
            Fail(FailReason.MetricMissing),
            AtMostSix.Judge(With(ChampionState.None, 9, new MetricEvidence("mae", MetricValue.Of(1)))).Outcome);
        Assert.Equal(
            Fail(FailReason.NotMeasured),
            AtMostSix.Judge(With(ChampionState.None, 9, new MetricEvidence(
                "loss", new MetricValue.Missing("the column is text")))).Outcome);
    }

    [Fact]
    public void DeclaredSubgroupThatIsGoneFailsAndIsNamed()
    {
        // A loop over what there is.
        var evidence = First(1);
        Assert.All(evidence.Slices, slice => Assert.True(slice.Rows > 0));
        var result = new Threshold("loss", Queens, max: 6).Judge(evidence);
        Assert.Equal((Fail(FailReason.SliceMissing), "borough=Queens"), (result.Outcome, result.Slice));
    }

    // R² below zero: divided by the champion, worse is an improvement.
    [Fact]
    public void NegativeMetricDoesNotTurnTheComparisonRound()
    {
        Assert.True(NaiveHigherIsBetterPasses(champion: -0.2, challenger: -0.3));
        Assert.False(NaiveHigherIsBetterPasses(champion: -0.2, challenger: -0.1));
        Assert.Equal(Fail(FailReason.WorseThanChampion), Judge(-0.3));
        Assert.Equal(new Outcome.Pass(), Judge(-0.1));

        static bool NaiveHigherIsBetterPasses(double champion, double challenger) =>
            !((challenger - champion) / champion < 0.05);

        static Outcome Judge(double challenger) =>
            new NonInferiority("loss", Slice.Overall, Margin.Relative(0.05), Direction.HigherIsBetter).Judge(
                Differing(challenger + 0.2, 0.001, champion: -0.2)).Outcome;
    }

    [Fact]
    public void AModelMayBeAllowedToLoseALittle()
    {
        // A rule that demands an improvement above 0 refuses the same model twice.
        Assert.False(NaiveMinChangePasses(0));
        var mayLose = new NonInferiority("loss", Slice.Overall, Margin.Absolute(0.005));
        Assert.Equal(new Outcome.Pass(), mayLose.Judge(Differing(0.004, 0.0001)).Outcome);
        Assert.Equal(Fail(FailReason.WorseThanChampion), mayLose.Judge(Differing(0.006, 0.0001)).Outcome);

        static bool NaiveMinChangePasses(double gain) => gain > 0;
    }

    [Fact]
    public void IntervalsDecideAndNotPoints()
    {
        // Worse by twice the margin, seen through 100 rows: the point is within the margin in one of six evaluations.
        var draws = new SeededDraws(7);
        var rule = new NonInferiority("loss", Slice.Overall, Margin.Absolute(0.1));
        var (naive, ours) = (0, 0);
        for (var i = 0; i < 1_000; i++)
        {
            var mean = 0.2 + (0.1 * draws.Normal());
            if (mean <= 0.1)
                naive++;
            if (rule.Judge(Differing(mean, 0.1, rows: 100)).Outcome is Outcome.Pass)
                ours++;
        }
        Assert.InRange(naive, 120, 200);
        Assert.InRange(ours, 0, 9);
    }

    [Fact]
    public void GateWithoutLimitsFailsAndTheReportSaysWhy()
    {
        var report = new Gate(NoChampion.PassesOnThresholds, []).Judge(First(1));
        Assert.Equal(Fail(FailReason.GateHasNoRules), report.Overall);
        // In what is stored, not in a log.
        var json = JsonSerializer.Serialize(report);
        Assert.Contains("\"Reason\":\"GateHasNoRules\"", json);
        Assert.Contains("The gate has no rules: give it a threshold.", json);
    }

    [Fact]
    public void FirstModelIsNotWavedThrough()
    {
        var comparison = new NonInferiority("loss", Slice.Overall, Margin.Relative(0.05));
        // Comparisons are skipped where there is nothing to compare with, and nothing else is asked.
        Assert.Equal(
            new Outcome.Pass(), comparison.Judge(First(1e9), NoChampion.PassesOnThresholds).Outcome);
        Assert.Equal(
            Fail(FailReason.NothingJudged),
            new Gate(NoChampion.PassesOnThresholds, [comparison]).Judge(First(1e9)).Overall);
        // A generous threshold is no way round: the model must have learned something.
        var errors = new BaselineComparison.Measured(1000, 1e9, 1e9, 1, 1, 1);
        Assert.Equal(
            Fail(FailReason.BaselineNotBeaten),
            new Gate(NoChampion.PassesOnThresholds,
            [
                comparison, new Threshold("loss", Slice.Overall, max: 1e10),
                new TrivialBaseline("loss", Slice.Overall, 0.1),
            ]).Judge(With(ChampionState.None, 1000,
                new MetricEvidence("loss", MetricValue.Of(1e9)) { Baseline = errors })).Overall);
    }

    // A comparison alone allows the same loss again and again; limits that do not move with the champion end it.
    [Fact]
    public void ManySmallLossesDoNotAddUpForEver()
    {
        var comparison = new NonInferiority("loss", Slice.Overall, Margin.Absolute(0.5));
        var (loss, naivePassed, passed) = (5.0, 0, 0);
        for (var release = 0; release < 20; release++, loss += 0.4)
        {
            var evidence = Differing(0.4, 0.01, champion: loss);
            if (comparison.Judge(evidence).Outcome is Outcome.Pass)
                naivePassed++;
            if (new Gate(NoChampion.Fails, [comparison, AtMostSix]).Judge(evidence).Passed)
                passed++;
        }
        Assert.Equal((20, 2), (naivePassed, passed));
        Assert.Equal(13, loss, 1e-9);
    }

    [Fact]
    public void ChampionThatCannotBeComparedWithIsNoFirstModel()
    {
        // A comparison that cannot be made is often skipped, as the first one is.
        var rule = new NonInferiority("loss", Slice.Overall, Margin.Relative(0.05));
        var gate = new Gate(NoChampion.PassesOnThresholds, [rule, AtMostSix]);
        Assert.True(gate.Judge(First(1)).Passed);
        Assert.Equal(
            Fail(FailReason.ChampionWithOtherFeatures),
            gate.Judge(With(
                ChampionState.WithOtherFeatures("it takes other features (area)"), 1000,
                new MetricEvidence("loss", MetricValue.Of(1)))).Overall);
    }
}
