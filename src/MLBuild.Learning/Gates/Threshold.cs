using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Gates;

/// <summary>The metric must be within limits, inclusive.</summary>
public sealed record Threshold : MetricRule
{
    /// <exception cref="ArgumentException">There is no limit, or one that is not finite, or nothing is
    /// within.</exception>
    public Threshold(string metric, Slice slice, double? min = null, double? max = null)
        : base(metric, slice) => Limit = Bounds.Of($"The threshold on {Subject}", min, max);

    public Bounds Limit { get; }

    private protected override RuleKind Kind => RuleKind.Threshold;

    private protected override RuleResult Judge(
        double value, long rows, MetricEvidence metric, GateEvidence evidence, NoChampion noChampion) =>
        Result(
            Limit.Contain(value) ? new Outcome.Pass() : new Outcome.Fail(FailReason.OutsideThreshold),
            $"{Subject} is {Figures.Number(value)}, expected {Limit} ({Figures.Count(rows, "row")}).") with
        {
            Limit = Limit,
        };
}
