using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Gates;

/// <summary>What a gate says of the first model ever, which no comparison can judge.</summary>
public enum NoChampion
{
    /// <summary>Comparisons fail.</summary>
    Fails,

    /// <summary>Comparisons pass, and a <see cref="Threshold"/> must have judged the model.</summary>
    PassesOnThresholds,
}

/// <summary>What a model must satisfy to be published. It passes only if every rule passes and at least one has judged
/// how good the model is; whatever could not be measured fails.</summary>
public sealed record Gate(NoChampion NoChampion, IReadOnlyList<GateRule> Rules)
{
    public GateReport Judge(GateEvidence evidence)
    {
        var results = Rules.Select(rule => rule.Judge(evidence, NoChampion)).ToArray();
        return new([.. results, .. OfTheWhole(evidence, results)]);
    }

    private static IEnumerable<RuleResult> OfTheWhole(GateEvidence evidence, RuleResult[] results)
    {
        if (results is [])
            yield return Failure(FailReason.GateHasNoRules, "The gate has no rules: give it a threshold.");
        else if (!evidence.Slices.Any(slice => slice.Metrics.Any(metric => metric.Challenger is MetricValue.Value)))
            yield return Failure(
                FailReason.NothingMeasured, "Nothing was measured: the evaluation has no value of any metric.");
        else if (!results.Any(JudgesQuality))
            yield return Failure(
                FailReason.NothingJudged, "No rule judged how good the model is: give the gate a threshold.");
    }

    // Row counts and caps alone would let any bad model pass, and so would a comparison without a champion.
    private static bool JudgesQuality(RuleResult result) =>
        result.Rule == RuleKind.Threshold
        || result is { Rule: RuleKind.NonInferiority or RuleKind.NotWorseThanBestEver, Champion: not null };

    private static RuleResult Failure(FailReason reason, string sentence) =>
        new(RuleKind.Gate, null, null, null, null, null, null, null, new Outcome.Fail(reason), sentence);
}
