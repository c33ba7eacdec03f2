using System.Text.Json.Serialization;
using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Gates;

/// <summary>What each rule of a gate found. Serialises to JSON; a number that cannot be had is null.</summary>
public sealed record GateReport(IReadOnlyList<RuleResult> Results)
{
    /// <summary>The worst of the results; of none at all, a failure.</summary>
    public Outcome Overall => Outcome.Worst(Results.Select(result => result.Outcome));

    public bool Passed => Overall is Outcome.Pass;
}

/// <summary>What kind of rule a result is from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RuleKind>))]
public enum RuleKind
{
    /// <summary>The gate as a whole.</summary>
    Gate,

    MinimumRows,
    Threshold,
    NonInferiority,
    GainCap,
    TrivialBaseline,
    UnseenHoldOut,
    NoWeakSubgroup,
    NotWorseThanBestEver,
    ClassesPresent,
}

/// <summary>One rule's judgement with all it is based on.</summary>
/// <param name="Metric">Null for a rule about rows.</param>
/// <param name="Slice">Null for the gate as a whole.</param>
/// <param name="Value">The challenger's; for a rule about rows, their number.</param>
/// <param name="Limit">On the value; for a comparison, on the difference to the champion. Null where it could not be
/// had.</param>
/// <param name="Champion">The value of the champion, or of the best version ever, where the rule compares.</param>
/// <param name="Difference">Challenger minus champion, or minus what a baseline or the other rows leave, where the rule
/// tests it.</param>
/// <param name="Rows">The rows behind the value, or behind the difference. Null where there is no such slice.</param>
/// <param name="Sentence">The judgement for a person.</param>
public sealed record RuleResult(
    RuleKind Rule,
    string? Metric,
    string? Slice,
    double? Value,
    Bounds? Limit,
    double? Champion,
    DifferenceInterval? Difference,
    long? Rows,
    Outcome Outcome,
    string Sentence);

/// <summary>A mean difference with its two one-sided 95 % bounds, in the unit of the metric.</summary>
public sealed record DifferenceInterval(double Mean, double Lower, double Upper);
