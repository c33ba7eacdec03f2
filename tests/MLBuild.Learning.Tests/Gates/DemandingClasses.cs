using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using static MLBuild.Learning.Tests.Gates.Evaluations;

namespace MLBuild.Learning.Tests.Gates;

/// <summary>Rows of one class tell nothing apart: a model that always says that class is perfect on them.</summary>
public sealed class DemandingClasses
{
    private static readonly string[] Classes = ["no", "perhaps", "yes"];

    private static RuleResult Judge(Slice slice, params long[] rows) =>
        new ClassesPresent(slice, Classes).Judge(new GateEvidence(ChampionState.None,
        [
            new(Slice.Overall, 10, [new("loss", MetricValue.Of(1))])
            {
                RowsOfClasses = slice == Slice.Overall ? rows : [],
            },
            .. slice == Slice.Overall
                ? Array.Empty<SliceEvidence>()
                : [new SliceEvidence(slice, rows.Sum(), [new("loss", MetricValue.Of(0))]) { RowsOfClasses = rows }],
        ]));

    [Fact]
    public void AllClassesOfTheHoldOutMustHaveRows()
    {
        var result = Judge(Slice.Overall, 1_200, 3, 40);
        Assert.Equal(
            (new Outcome.Pass(), "Rows of the classes overall: 1,200 'no', 3 'perhaps', 40 'yes'.",
                RuleKind.ClassesPresent),
            (result.Outcome, result.Sentence, result.Rule));
        result = Judge(Slice.Overall, 1_200, 0, 40);
        Assert.Equal(
            (Fail(FailReason.ClassMissing),
                "No row overall is 'perhaps' (1,200 'no', 0 'perhaps', 40 'yes'), so nothing is known of it; hold out "
                + "more rows, or look at how labels are made."),
            (result.Outcome, result.Sentence));
        Assert.Equal((2.0, 3.0), (result.Value, result.Limit!.Min));
    }

    [Fact]
    public void ASubgroupOfOneClassIsInconclusiveAndNoPass()
    {
        Assert.Equal(new Outcome.Pass(), Judge(Queens, 100, 0, 1).Outcome);
        var result = Judge(Queens, 100, 0, 0);
        Assert.Equal(
            (new Outcome.Inconclusive(InconclusiveReason.OneClass, null),
                "Rows in borough=Queens are of one class (100 'no', 0 'perhaps', 0 'yes'), where nothing can be told "
                + "apart; evaluate more rows, or divide them otherwise."),
            (result.Outcome, result.Sentence));
    }

    [Fact]
    public void ClassesThatNobodyCountedAreNotThere()
    {
        Assert.Equal(
            (Fail(FailReason.ClassMissing), "The classes overall were not counted."),
            (Judge(Slice.Overall).Outcome, Judge(Slice.Overall).Sentence));
        Assert.Equal(
            Fail(FailReason.SliceMissing),
            new ClassesPresent(Queens, Classes).Judge(Evaluations.First(1)).Outcome);
    }
}
