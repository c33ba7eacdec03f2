using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Gates;

/// <summary>A rule about one metric on one slice. It fails when the challenger's value is not there.</summary>
public abstract record MetricRule : GateRule
{
    private protected MetricRule(string metric, Slice slice)
        : base(slice) => Metric = metric;

    public string Metric { get; }

    private protected sealed override string? MetricName => Metric;

    /// <summary>"rmse overall", "rmse in borough=Queens".</summary>
    private protected string Subject => $"{Metric} {Slice.Where}";

    internal sealed override RuleResult Judge(GateEvidence evidence, NoChampion noChampion)
    {
        if (evidence.Find(Slice) is not { } slice)
            return NotJudged(FailReason.SliceMissing, NoSuchSlice(evidence));
        var result = Judge(slice, evidence, noChampion);
        // A comparison counts its own rows.
        return result with { Rows = result.Rows ?? slice.Rows };
    }

    private RuleResult Judge(SliceEvidence slice, GateEvidence evidence, NoChampion noChampion)
    {
        if (slice.Rows <= 0)
            return NotJudged(FailReason.SliceEmpty, "the slice has no rows");
        if (slice.Find(Metric) is not { } metric)
            return NotJudged(
                FailReason.MetricMissing,
                $"the evaluation has no such metric; {HasOnly(slice.Metrics.Select(other => other.Metric))}");
        if (metric.Challenger is not MetricValue.Value { Number: var value })
            return NotJudged(FailReason.NotMeasured, $"its value is {metric.Challenger}");
        return Judge(value, slice.Rows, metric, evidence, noChampion) with { Value = value };
    }

    /// <summary>Judges the challenger's value. The caller adds value and rows to the result.</summary>
    private protected abstract RuleResult Judge(
        double value, long rows, MetricEvidence metric, GateEvidence evidence, NoChampion noChampion);

    private protected RuleResult NotJudged(FailReason reason, string why) =>
        Result(new Outcome.Fail(reason), $"{Subject} was not judged: {why}.");
}
