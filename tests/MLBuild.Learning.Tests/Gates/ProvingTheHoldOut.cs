using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Splits;
using static MLBuild.Learning.Tests.Gates.Evaluations;

namespace MLBuild.Learning.Tests.Gates;

/// <summary>A model is judged by rows that it was not trained on, or its gate fails.</summary>
public sealed class ProvingTheHoldOut
{
    private static readonly KeySplit Split = new() { HoldOutShare = 0.25 };

    private static readonly ILookup<bool, string> Keys = Enumerable.Range(0, 1000).Select(i => RowKey.Of($"row {i}"))
        .ToLookup(Split.IsHeldOut, key => key.ToString());

    private static RuleResult Judge(HoldOutProof proof, long judged = 10) =>
        new UnseenHoldOut().Judge(new GateEvidence(
            ChampionState.None, [new(Slice.Overall, judged, [new("loss", MetricValue.Of(1))])])
        {
            HoldOut = proof,
        });

    private static HoldOutProof Count(IEnumerable<string> training, IEnumerable<string> heldOut, long keysOnBoth = 0)
    {
        var (train, holdOut) = (training.ToArray(), heldOut.ToArray());
        var counter = new HoldOutCounter(Split, train.Length, holdOut.Length, keysOnBoth);
        foreach (var key in train)
            counter.AddTraining(key);
        foreach (var key in holdOut)
            counter.AddHoldOut(key);
        return counter.Complete();
    }

    [Fact]
    public void RowsOnTheirSidesPass()
    {
        var proof = Count(Keys[false], Keys[true]);
        Assert.Equal(new HoldOutProof.Counted(Keys[false].Count(), Keys[true].Count(), 0, 0, 0), proof);
        var result = Judge(new HoldOutProof.Counted(30, 10, 0, 0, 0));
        Assert.Equal(
            (RuleKind.UnseenHoldOut, new Outcome.Pass(), 0.0, 10), (result.Rule, result.Outcome, result.Value,
            result.Rows));
        Assert.Equal("None of 10 held-out rows is one of 30 training rows.", result.Sentence);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 1)]
    public void OneRowOnBothSidesFails(int trainedOn, int notHeldOut, int keysOnBoth)
    {
        var proof = Count(
            [.. Keys[false].Take(30), .. Keys[true].Take(trainedOn)],
            [.. Keys[true].Take(10 - notHeldOut), .. Keys[false].Take(notHeldOut)],
            keysOnBoth);
        Assert.Equal(new HoldOutProof.Counted(30 + trainedOn, 10, trainedOn, notHeldOut, keysOnBoth), proof);
        var result = Judge(proof);
        Assert.Equal((Fail(FailReason.TrainedOnHoldOut), 1.0), (result.Outcome, result.Value));
        Assert.Equal(
            $"{trainedOn} of {30 + trainedOn} training rows should be held out, {notHeldOut} of 10 held-out rows "
            + $"should be trained on, and {keysOnBoth} key{(keysOnBoth == 1 ? "" : "s")} are on both sides: "
            + "the model may be judged by what it has learned. Split by the key that the model definition gives its "
            + "rows, and train again.",
            result.Sentence);
    }

    [Fact]
    public void EvaluationOnTheTrainingRowsThemselvesFails() => Assert.Equal(
        Fail(FailReason.TrainedOnHoldOut), Judge(Count(Keys[false], Keys[false].Take(10))).Outcome);

    public static TheoryData<string, HoldOutProof> Unproven => new()
    {
        { "nobody looked", new HoldOutProof.Missing("nobody looked") },
        {
            "the split counts 7 training and 2 held-out rows, the feature tables have 0 and 0",
            new HoldOutCounter(Split, 7, 2, 0).Complete()
        },
        { "'' is no key of a row: 32 hexadecimal digits", Count([""], Keys[true].Take(10)) },
        { "'abc' is no key of a row: 32 hexadecimal digits", Count(Keys[false].Take(9), ["abc", "x"]) },
        {
            "there are 0 training and 10 held-out rows, and both are needed",
            new HoldOutProof.Counted(0, 10, 0, 0, 0)
        },
        { "there are 10 training and 0 held-out rows, and both are needed", Count(Keys[false].Take(10), []) },
        { "the model was judged by 10 rows, and 9 were looked at", Count(Keys[false].Take(30), Keys[true].Take(9)) },
    };

    [Theory]
    [MemberData(nameof(Unproven))]
    public void HoldOutOfWhichNobodyKnowsFails(string why, HoldOutProof proof)
    {
        var result = Judge(proof);
        Assert.Equal(Fail(FailReason.HoldOutNotProven), result.Outcome);
        Assert.Equal(
            $"Nobody knows whether the model was trained on rows that it is judged by: {why}.", result.Sentence);
    }

    [Fact]
    public void EvidenceWithoutAProofFails() => Assert.Equal(
        Fail(FailReason.HoldOutNotProven), new UnseenHoldOut().Judge(First(1)).Outcome);

    [Fact]
    public void ProofAloneIsNoJudgement() => Assert.Equal(
        Fail(FailReason.NothingJudged),
        new Gate(NoChampion.PassesOnThresholds, [new UnseenHoldOut()]).Judge(
            new(ChampionState.None, [new(Slice.Overall, 10, [new("loss", MetricValue.Of(1))])])
            {
                HoldOut = new HoldOutProof.Counted(30, 10, 0, 0, 0),
            }).Overall);

    [Fact]
    public void ChampionThatCannotBeComparedWithFailsForItsReason()
    {
        (FailReason, ChampionState)[] champions =
        [
            (FailReason.ChampionOfAnotherSplit, ChampionState.OfAnotherSplit("it has")),
            (FailReason.ChampionWithOtherFeatures, ChampionState.WithOtherFeatures("it has")),
        ];
        foreach (var (reason, champion) in champions)
        {
            // Neither the choice for a first model nor measurements of the champion are a way round.
            var evidence = With(champion, 1000, new MetricEvidence(
                "loss", MetricValue.Of(1), MetricValue.Of(1), new(1000, MetricValue.Of(0), MetricValue.Of(0))));
            GateRule[] rules =
                [new NonInferiority("loss", Slice.Overall, Margin.Absolute(1)), new GainCap("loss", Slice.Overall, 1)];
            Assert.All(rules, rule =>
            {
                var result = rule.Judge(evidence, NoChampion.PassesOnThresholds);
                Assert.Equal(Fail(reason), result.Outcome);
                Assert.Equal(
                    "loss overall was not judged: the champion cannot be compared with: it has.", result.Sentence);
            });
        }
    }
}
