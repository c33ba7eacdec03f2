using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Rollouts;

/// <summary>The looks that were taken at a step of a canary, and what they found: each is taken once, and says what is
/// known until the next one.</summary>
/// <param name="Requests">The last look at the requests; -1 for none.</param>
/// <param name="OfRequests">What it found.</param>
/// <param name="Labels">The last look at the rows with labels; -1 for none.</param>
/// <param name="OfLabels">What it found; null where nobody brings labels.</param>
public sealed record CanaryLooks(
    int Requests, IReadOnlyList<CanaryFinding> OfRequests, int Labels, CanaryFinding? OfLabels)
{
    public static CanaryLooks None => new(-1, [], -1, null);

    /// <summary>All that was found.</summary>
    public CanaryVerdict Verdict => new(Requests, OfLabels is null ? OfRequests : [.. OfRequests, OfLabels]);

    /// <summary>Whether nothing but labels is waited for.</summary>
    public bool AwaitsLabels => OfLabels?.Decision == CanaryDecision.Hold
        && OfRequests.Count > 0 && OfRequests.All(finding => finding.Decision == CanaryDecision.Promote);

    /// <summary>Takes the looks that there is enough for now, of those that were not taken; this where there are
    /// none.</summary>
    /// <param name="quality">Null where nobody brings labels.</param>
    public CanaryLooks After(
        TrafficCounts champion, TrafficCounts candidate, QualityCounts? quality, CanaryOptions options)
    {
        var next = this;
        var look = CanaryJudge.LookAt(candidate, options);
        // A look for which there are too few requests decides nothing, and is taken again.
        if (look > Requests || Requests < 0)
            next = next with
            {
                OfRequests = CanaryJudge.Judge(champion, candidate, look, options).Findings,
                Requests = champion.Requests < options.MinRequests ? Requests : look,
            };
        if (quality is null)
            return next;
        var labels = CanaryJudge.LookAt(quality, options);
        if (labels > Labels || Labels < 0)
            next = next with
            {
                OfLabels = CanaryJudge.JudgeQuality(quality, labels, options),
                Labels = quality.Champion.Count < options.MinLabelled ? Labels : labels,
            };
        return next;
    }

    /// <summary>How far it is to the next looks, in a sentence.</summary>
    public string Progress(TrafficCounts candidate, QualityCounts? quality, CanaryOptions options) =>
        $"{Figures.Count(candidate.Requests, "request")} of the candidate; the next look is at "
        + $"{Figures.Count(options.MinRequests << (Requests + 1))}"
        + (quality is null
            ? "."
            : $". {Figures.Count(quality.Candidate.Count, "row")} of it with labels; the next look is at "
                + $"{Figures.Count(options.MinLabelled << (Labels + 1))}.");
}
