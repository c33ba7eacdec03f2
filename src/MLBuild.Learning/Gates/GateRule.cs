namespace MLBuild.Learning.Gates;

/// <summary>One demand on a model: a <see cref="MinimumRows"/>, <see cref="Threshold"/>, <see cref="TrivialBaseline"/>,
/// <see cref="NonInferiority"/>, <see cref="GainCap"/>, <see cref="UnseenHoldOut"/>,
/// <see cref="ClassesPresent"/> or <see cref="NoWeakSubgroup"/>.</summary>
public abstract record GateRule
{
    private protected GateRule(Slice slice) => Slice = slice;

    public Slice Slice { get; }

    private protected abstract RuleKind Kind { get; }

    private protected virtual string? MetricName => null;

    internal abstract RuleResult Judge(GateEvidence evidence, NoChampion noChampion);

    private protected RuleResult Result(Outcome outcome, string sentence) =>
        new(Kind, MetricName, Slice.Name, null, null, null, null, null, outcome, sentence);

    private protected static string NoSuchSlice(GateEvidence evidence) =>
        $"the evaluation has no such slice; {HasOnly(evidence.Slices.Select(slice => slice.Slice.Name))}";

    private protected static string HasOnly(IEnumerable<string> names) =>
        string.Join(", ", names) is { Length: > 0 } list ? $"it has {list}" : "it has none";
}
