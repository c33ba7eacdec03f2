using MLBuild.Learning.Rollouts;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Rollouts;

/// <summary>Looks at requests and at labels are taken once each, and say what is known until the next.</summary>
public class TakingLooks
{
    private static readonly CanaryOptions Options = new();

    [Fact]
    public void WithoutLabelsRequestsDecideAlone()
    {
        var looks = CanaryLooks.None.After(Traffic(9_000), Traffic(1_000), quality: null, Options);
        Assert.Equal(CanaryDecision.Promote, looks.Verdict.Decision);
        Assert.Equal((2, 3, null), (looks.Requests, looks.Verdict.Findings.Count, looks.OfLabels));
    }

    [Fact]
    public void WhoeverNamesLabelsWaitsForThem()
    {
        var looks = CanaryLooks.None.After(Traffic(9_000), Traffic(1_000), Quality(500, 40, 1), Options);
        Assert.Equal(CanaryDecision.Hold, looks.Verdict.Decision);
        Assert.True(looks.AwaitsLabels);
        // They come when no request does.
        looks = looks.After(Traffic(9_000), Traffic(1_000), Quality(9_000, 1_000, 1), Options);
        Assert.Equal(CanaryDecision.Promote, looks.Verdict.Decision);
        Assert.False(looks.AwaitsLabels);
    }

    [Fact]
    public void LabelsAloneRollBack()
    {
        var looks = CanaryLooks.None.After(Traffic(9_000), Traffic(1_000), Quality(9_000, 100, 3), Options);
        Assert.Equal(CanaryDecision.RollBack, looks.Verdict.Decision);
        Assert.StartsWith("Mean absolute error: 3 of 100 rows", looks.Verdict.Because, StringComparison.Ordinal);
        // Before enough requests were counted, too.
        Assert.Equal(CanaryDecision.RollBack, CanaryLooks.None.After(
            Traffic(150), Traffic(150), Quality(150, 150, 3), Options).Verdict.Decision);
    }

    [Fact]
    public void ALookIsTakenOnce()
    {
        var quality = Quality(200, 120, 1.05);
        var first = CanaryLooks.None.After(Traffic(9_000), Traffic(250), quality, Options);
        Assert.Equal((0, 0), (first.Requests, first.Labels));
        Assert.Same(first, first.After(Traffic(9_500), Traffic(399), Quality(390, 199, 9), Options));
        Assert.Equal(
            "250 requests of the candidate; the next look is at 400. 120 rows of it with labels; the next look is at " +
            "200.",
            first.Progress(Traffic(250), quality, Options));
        var second = first.After(Traffic(9_500), Traffic(399), Quality(390, 200, 9), Options);
        Assert.Equal((0, 1, CanaryDecision.RollBack), (second.Requests, second.Labels, second.Verdict.Decision));
    }

    [Fact]
    public void ALookWithTooLittleOfTheChampionIsTakenAgain()
    {
        var looks = CanaryLooks.None.After(Traffic(199), Traffic(1_000), Quality(99, 1_000, 1), Options);
        Assert.Equal((-1, -1, CanaryDecision.Hold), (looks.Requests, looks.Labels, looks.Verdict.Decision));
        looks = looks.After(Traffic(9_000), Traffic(1_000), Quality(9_000, 1_000, 1), Options);
        Assert.Equal((2, 3, CanaryDecision.Promote), (looks.Requests, looks.Labels, looks.Verdict.Decision));
    }

    // The champion's mean is 1.
    private static QualityCounts Quality(int champion, int candidate, double mean) => new(
        "mean absolute error", new(champion, 1, 0.5 * (champion - 1)), new(candidate, mean, 0.5 * (candidate - 1)));

    private static TrafficCounts Traffic(int requests)
    {
        var (latencies, scores) = (new long[LatencyBins.Count], new long[10]);
        (latencies[12], scores[4]) = (requests, requests);
        return new(requests, 0, [.. latencies], [.. scores]);
    }
}
