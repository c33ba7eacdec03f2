namespace MLBuild.Learning.Rollouts;

/// <summary>What is to be done after a look at a canary.</summary>
public enum CanaryDecision
{
    /// <summary>The candidate is shown to be good enough: it gets the next part of the requests.</summary>
    Promote,

    /// <summary>The candidate is shown not to be: the champion gets all requests again.</summary>
    RollBack,

    /// <summary>Neither is shown: both go on as they are until there are more requests.</summary>
    Hold,
}

/// <summary>What was found of one demand on a candidate.</summary>
/// <param name="Sentence">With both versions' numbers, the limit, and how certain it is.</param>
public sealed record CanaryFinding(CanaryDecision Decision, string Sentence);

/// <summary>What a look at a canary says.</summary>
/// <param name="Look">Which one it was, from 0.</param>
public sealed record CanaryVerdict(int Look, IReadOnlyList<CanaryFinding> Findings)
{
    /// <summary>One demand that is certainly missed is enough to roll back; all must be met to promote.</summary>
    public CanaryDecision Decision =>
        Findings.Any(finding => finding.Decision == CanaryDecision.RollBack) ? CanaryDecision.RollBack
        : Findings.Count > 0 && Findings.All(finding => finding.Decision == CanaryDecision.Promote)
            ? CanaryDecision.Promote
            : CanaryDecision.Hold;

    /// <summary>The findings that decided, as sentences.</summary>
    public string Because => string.Join(' ', Findings.Where(finding => finding.Decision == Decision)
        .Select(finding => finding.Sentence));
}
