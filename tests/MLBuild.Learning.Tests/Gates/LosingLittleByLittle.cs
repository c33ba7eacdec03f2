using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using static MLBuild.Learning.Tests.Gates.Evaluations;

namespace MLBuild.Learning.Tests.Gates;

/// <summary>Many small losses, one after the other, each within the margin to the champion; and the best version ever,
/// with which they add up.</summary>
public sealed class LosingLittleByLittle
{
    private const int Rows = 20_000;
    private const int Attempts = 20;
    private const double Loss = 0.02;
    private const double Allowed = 0.05;

    private static readonly Margin Within = Margin.Relative(Allowed);

    private static readonly NonInferiority NotWorse = new("loss", Slice.Overall, Within);

    private static readonly NonInferiority NotWorseThanBest =
        new("loss", Slice.Overall, Within, rival: Rival.BestEver);

    /// <summary>How much worse, as a share, the model that serves in the end is than the first one. Each challenger is
    /// 2 % worse than the champion; who passes serves.</summary>
    private static (int Passed, double Lost) Serve(params GateRule[] rules)
    {
        var draws = new SeededDraws(20190301);
        var gate = new Gate(NoChampion.Fails, rules);
        double[] common = [.. Enumerable.Range(0, Rows).Select(_ => Math.Sqrt(0.9) * draws.Normal())];
        List<(double Level, double[] Errors)> served = [(1, Errors(1))];
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var level = served[^1].Level * (1 + Loss);
            var challenger = Errors(level);
            var best = served.MinBy(model => model.Errors.Average()).Errors;
            var evidence = new MetricEvidence(
                "loss", MetricValue.Of(challenger.Average()), MetricValue.Of(served[^1].Errors.Average()),
                Difference(challenger, served[^1].Errors))
            {
                BestEver = new(MetricValue.Of(best.Average()), Difference(challenger, best)),
            };
            var report = gate.Judge(new(ChampionState.Serving, [new(Slice.Overall, Rows, [evidence])])
            {
                BestEver = ChampionState.Serving,
            });
            if (report.Passed)
                served.Add((level, challenger));
        }
        return (served.Count - 1, served[^1].Level - 1);

        // Squared errors with the mean level: of one row all models' errors have most in common.
        double[] Errors(double level) => [.. common.Select(shared =>
            Math.Pow(Math.Sqrt(level) * (shared + (Math.Sqrt(0.1) * draws.Normal())), 2))];
    }

    private static PairedDifference Difference(double[] challenger, double[] rival)
    {
        var difference = new PairedComparisonAccumulator();
        foreach (var (one, other) in challenger.Zip(rival))
            difference.Add(one, other);
        var paired = difference.ToComparison();
        return new(paired.Count, paired.MeanDifference, paired.StandardError);
    }

    [Fact]
    public void ComparedWithTheChampionOnlyEverySmallLossPasses()
    {
        var (passed, lost) = Serve(NotWorse);
        Assert.Equal((Attempts, 0.486), (passed, Math.Round(lost, 3)));
    }

    [Fact]
    public void ComparedWithTheBestVersionEverTheyAddUpToItsMarginAndStop()
    {
        var (passed, lost) = Serve(NotWorse, NotWorseThanBest);
        Assert.InRange(passed, 1, 2);
        Assert.InRange(lost, Loss, Allowed);
    }

    [Fact]
    public void SentenceNamesTheBestVersion()
    {
        var result = NotWorseThanBest.Judge(Best(10.1, 10, new(900, MetricValue.Of(0.1), MetricValue.Of(0.01))));
        Assert.Equal((RuleKind.NotWorseThanBestEver, new Outcome.Pass(), 10.0),
            (result.Rule, result.Outcome, result.Champion));
        Assert.Equal(
            "loss overall: 10.1 against the best version ever's 10, difference 0.1 (95 % bounds 0.083551 and "
            + "0.116449), may rise by 0.5, 5 % of the best version ever's (900 rows).",
            result.Sentence);
        Assert.Equal(
            Fail(FailReason.WorseThanBestEver),
            NotWorseThanBest.Judge(Best(11, 10, new(900, MetricValue.Of(1), MetricValue.Of(0.01)))).Outcome);
    }

    [Fact]
    public void ComparisonWithTheBestVersionIsAJudgement() => Assert.True(
        new Gate(NoChampion.Fails, [NotWorseThanBest]).Judge(
            Best(10, 10, new(900, MetricValue.Of(0), MetricValue.Of(0.01)))).Passed);

    [Theory]
    [InlineData(NoChampion.Fails, false)]
    [InlineData(NoChampion.PassesOnThresholds, true)]
    public void FirstModelEverIsTheGatesChoice(NoChampion choice, bool passes)
    {
        var result = NotWorseThanBest.Judge(First(5) with { BestEver = ChampionState.None }, choice);
        Assert.Equal(passes ? new Outcome.Pass() : Fail(FailReason.NoChampion), result.Outcome);
        Assert.Equal(
            passes
                ? "loss overall has no version before it to compare with: thresholds decide."
                : "loss overall was not judged: there is no version before it, and this gate wants one.",
            result.Sentence);
    }

    public static TheoryData<FailReason, string, ChampionState> Incomparable => new()
    {
        {
            FailReason.ChampionWithOtherFeatures, "v1 takes other features",
            ChampionState.WithOtherFeatures("v1 takes other features")
        },
        {
            FailReason.ChampionOfAnotherSplit, "v1 is of another split",
            ChampionState.OfAnotherSplit("v1 is of another split")
        },
        { FailReason.ChampionLost, "v1 cannot be read", ChampionState.Lost("v1 cannot be read") },
        { FailReason.ChampionNotMeasured, "nobody looked", ChampionState.Unknown("nobody looked") },
    };

    [Theory]
    [MemberData(nameof(Incomparable))]
    public void BestVersionThatCannotBeComparedWithFails(FailReason reason, string why, ChampionState state)
    {
        var evidence = Best(1, 1, new(900, MetricValue.Of(0), MetricValue.Of(0))) with { BestEver = state };
        var result = NotWorseThanBest.Judge(evidence, NoChampion.PassesOnThresholds);
        Assert.Equal(Fail(reason), result.Outcome);
        Assert.Equal(
            $"loss overall was not judged: the best version ever cannot be compared with: {why}.", result.Sentence);
    }

    [Fact]
    public void BestVersionThatNobodyLookedForFails() => Assert.Equal(
        (Fail(FailReason.ChampionNotMeasured),
            "loss overall was not judged: the best version ever cannot be compared with: nobody looked for it."),
        NotWorseThanBest.Judge(Against(1, 1)) is var result ? (result.Outcome, result.Sentence) : default);

    [Fact]
    public void BestVersionThatWasNotMeasuredFails() => Assert.Equal(
        (Fail(FailReason.ChampionNotMeasured),
            "loss overall was not judged: the best version ever's value is missing (not compared)."),
        NotWorseThanBest.Judge(Against(1, 1) with { BestEver = ChampionState.Serving }) is var result
            ? (result.Outcome, result.Sentence)
            : default);

    private static GateEvidence Best(double challenger, double best, PairedDifference difference) =>
        With(ChampionState.Serving, 900, new MetricEvidence("loss", MetricValue.Of(challenger))
        {
            BestEver = new(MetricValue.Of(best), difference),
        }) with
        {
            BestEver = ChampionState.Serving,
        };
}
