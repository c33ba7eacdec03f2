using System.Text.Json.Serialization;

namespace MLBuild.Learning.Gates;

/// <summary>What a rule says of a model. Only <see cref="Pass"/> lets it through.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "verdict")]
[JsonDerivedType(typeof(Pass), "pass")]
[JsonDerivedType(typeof(Fail), "fail")]
[JsonDerivedType(typeof(Inconclusive), "inconclusive")]
public abstract record Outcome
{
    private Outcome()
    {
    }

    public sealed record Pass : Outcome;

    public sealed record Fail(FailReason Reason) : Outcome;

    /// <param name="MoreRowsNeeded">Rows to evaluate beyond those there are; null where no number of rows would
    /// do.</param>
    public sealed record Inconclusive(InconclusiveReason Reason, long? MoreRowsNeeded) : Outcome;

    /// <summary>Fail before inconclusive before pass. Of several that are inconclusive, the one that needs most
    /// rows.</summary>
    internal static Outcome Worst(IEnumerable<Outcome> outcomes) => outcomes.MaxBy(outcome => outcome switch
    {
        Fail => (2, 0L),
        Inconclusive inconclusive => (1, inconclusive.MoreRowsNeeded ?? long.MaxValue),
        _ => (0, 0L),
    }) ?? new Fail(FailReason.GateHasNoRules);
}

[JsonConverter(typeof(JsonStringEnumConverter<FailReason>))]
public enum FailReason
{
    /// <summary>Nothing was demanded of the model.</summary>
    GateHasNoRules,

    /// <summary>The evaluation has no metric of any slice.</summary>
    NothingMeasured,

    /// <summary>No rule judged how good the model is: there are only row counts, caps, or comparisons without a
    /// champion.</summary>
    NothingJudged,

    /// <summary>The evaluation does not have a slice that the gate declares.</summary>
    SliceMissing,

    SliceEmpty,

    /// <summary>The evaluation does not have the metric.</summary>
    MetricMissing,

    /// <summary>The evaluation has the metric without a value, or its value is not finite.</summary>
    NotMeasured,

    /// <summary>There is no champion, and the gate wants one.</summary>
    NoChampion,

    /// <summary>The champion's metric, or the difference to it, has no value.</summary>
    ChampionNotMeasured,

    OutsideThreshold,

    /// <summary>Worse than the champion by more than the margin, and not by chance.</summary>
    WorseThanChampion,

    /// <summary>Better than the champion by more than is believable.</summary>
    SuspiciousGain,

    /// <summary>The errors of the trivial model have no value.</summary>
    BaselineNotMeasured,

    /// <summary>Not better than a trivial model by the share that is demanded, and not by chance.</summary>
    BaselineNotBeaten,

    /// <summary>Two measurements of one thing are not the same: they are of other rows or in other units.</summary>
    MeasurementsDisagree,

    /// <summary>Rows that the model is judged by are rows that it was trained on.</summary>
    TrainedOnHoldOut,

    /// <summary>Nobody knows whether they are.</summary>
    HoldOutNotProven,

    /// <summary>A subgroup that nobody declared has a much larger error than the rest, and not by chance.</summary>
    WeakSubgroup,

    /// <summary>The champion was trained by another split, so it may have learned rows of this hold-out.</summary>
    ChampionOfAnotherSplit,

    /// <summary>The champion takes other features, so it cannot score these rows.</summary>
    ChampionWithOtherFeatures,

    /// <summary>The champion predicts something else: another task, or other classes.</summary>
    ChampionOfAnotherTask,

    /// <summary>A class of the task has no rows.</summary>
    ClassMissing,

    /// <summary>The bytes of the model to compare with cannot be read.</summary>
    ChampionLost,

    /// <summary>Worse than the best model that ever served by more than the margin, and not by chance.</summary>
    WorseThanBestEver,
}

[JsonConverter(typeof(JsonStringEnumConverter<InconclusiveReason>))]
public enum InconclusiveReason
{
    /// <summary>Fewer rows than the rule asks for.</summary>
    TooFewRows,

    /// <summary>The interval of the difference to the champion, or to the baseline, has the limit inside.</summary>
    MarginInsideInterval,

    /// <summary>All rows of the slice are of one class.</summary>
    OneClass,
}
