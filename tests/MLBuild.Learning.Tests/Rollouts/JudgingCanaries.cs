using MLBuild.Learning.Rollouts;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Rollouts;

/// <summary>A candidate is promoted, rolled back or held by what became of its requests.</summary>
public class JudgingCanaries
{
    private const int ScoreBins = 20;

    private static readonly CanaryOptions Options = new();

    [Fact]
    public void NoTrafficHolds()
    {
        var verdict = CanaryJudge.Judge(Traffic(1, 4_000), TrafficCounts.None(ScoreBins), 0, Options);
        Assert.Equal(CanaryDecision.Hold, verdict.Decision);
        Assert.Equal(
            "The candidate got 0 requests, expected 200 before anything is decided.", verdict.Because);
    }

    [Fact]
    public void FewRequestsHoldHoweverManyOfThemFail()
    {
        var verdict = CanaryJudge.Judge(Traffic(1, 4_000), Traffic(2, 199, failing: 1), 0, Options);
        Assert.Equal(CanaryDecision.Hold, verdict.Decision);
    }

    [Fact]
    public void WithoutTrafficOfTheChampionThereIsNothingToCompareWith()
    {
        var verdict = CanaryJudge.Judge(Traffic(1, 10), Traffic(2, 5_000), 0, Options);
        Assert.Equal(CanaryDecision.Hold, verdict.Decision);
        Assert.Equal("The champion got 10 requests, expected 200 to compare with.", verdict.Because);
    }

    [Fact]
    public void AnEqualCandidateIsPromoted()
    {
        var verdict = CanaryJudge.Judge(Traffic(1, 10_000), Traffic(2, 3_000), 3, Options);
        Assert.Equal(CanaryDecision.Promote, verdict.Decision);
        Assert.Equal(3, verdict.Findings.Count);
    }

    [Fact]
    public void ACandidateThatFailsIsRolledBackAtTheFirstLook()
    {
        var verdict = CanaryJudge.Judge(Traffic(1, 3_800), Traffic(2, 200, failing: 0.2), 0, Options);
        Assert.Equal(CanaryDecision.RollBack, verdict.Decision);
        Assert.Matches(
            @"^Failed requests: [\d.]+ % of 200, the champion's 0 % of 3,800; may be 2 % of all requests more " +
            @"\(bounds 0\.\d+ and 0\.\d+ against 0\.02\)\.$",
            verdict.Because);
    }

    [Fact]
    public void ASlowCandidateIsRolledBack()
    {
        var verdict = CanaryJudge.Judge(Traffic(1, 3_800), Traffic(2, 200, slower: 3), 0, Options);
        Assert.Equal(CanaryDecision.RollBack, verdict.Decision);
        Assert.StartsWith("Answers that took longer than ", verdict.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void ACandidateThatScoresOtherwiseIsRolledBack()
    {
        var verdict = CanaryJudge.Judge(Traffic(1, 3_800), Traffic(2, 200, shift: 12), 0, Options);
        Assert.Equal(CanaryDecision.RollBack, verdict.Decision);
        Assert.StartsWith("Distance between the scores of both versions: ", verdict.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void ACandidateThatAnswersNothingIsNotPromoted()
    {
        var silent = TrafficCounts.None(ScoreBins) with { Failed = 500 };
        Assert.Equal(CanaryDecision.RollBack, CanaryJudge.Judge(Traffic(1, 3_800), silent, 1, Options).Decision);
        // Where the champion fails as often nothing is known of the candidate's answers.
        Assert.Equal(CanaryDecision.Hold, CanaryJudge.Judge(
            silent with { Failed = 3_800 }, silent, 1, Options).Decision);
    }

    [Fact]
    public void LooksAreAtTwiceAsManyRequestsEachTime()
    {
        int Look(int requests) => CanaryJudge.LookAt(Traffic(1, requests), Options);
        Assert.Equal([-1, 0, 0, 1, 1, 2], new[] { 199, 200, 399, 400, 799, 800 }.Select(Look));
    }

    // Whoever looks at every request would see an equal candidate fail sooner or later.
    [Fact]
    public void ManyLooksSeldomRollAnEqualCandidateBack()
    {
        var options = Options with { MaxErrorIncrease = 0, MaxScoreDistance = 1, MaxSlowShare = 0.99 };
        Assert.InRange(Enumerable.Range(1, 400).Count(seed => RolledBackAtSomeLook(seed, options)), 0, 20);
    }

    [Fact]
    public void EveryOptionThatIsOutOfItsRangeIsNamed()
    {
        var error = Assert.Throws<ArgumentException>(() => new CanaryOptions
        {
            Steps = [25, 5],
            MinRequests = 3,
            MaxErrorIncrease = double.NaN,
            MaxSlowShare = 0.05,
            MaxScoreDistance = 2,
        }.Validate());
        Assert.Equal(
            "The canary cannot be judged: Steps are 25, 5, expected rising numbers from 1 to 99; MinRequests is 3, " +
            "expected at least 30; MaxErrorIncrease is NaN, expected 0 to 1; MaxSlowShare is 0.05, expected above " +
            "0.05, below 1; MaxScoreDistance is 2, expected 0 to 1.",
            error.Message);
    }

    private static bool RolledBackAtSomeLook(int seed, CanaryOptions options)
    {
        var random = new SplitMix64((ulong)seed);
        var (champion, candidate) = (TrafficCounts.None(ScoreBins), TrafficCounts.None(ScoreBins));
        for (var look = 0; look < 6; look++)
        {
            while (CanaryJudge.LookAt(candidate, options) < look)
                (champion, candidate) = (
                    champion.Plus(Requests(ref random, 50, failing: 0.03)),
                    candidate.Plus(Requests(ref random, 50, failing: 0.03)));
            if (CanaryJudge.Judge(champion, candidate, look, options).Decision == CanaryDecision.RollBack)
                return true;
        }
        return false;
    }

    private static TrafficCounts Traffic(
        int seed, int requests, double failing = 0, double slower = 1, int shift = 0)
    {
        var random = new SplitMix64((ulong)seed);
        return Requests(ref random, requests, failing, slower, shift);
    }

    private static TrafficCounts Requests(
        ref SplitMix64 random, int requests, double failing = 0, double slower = 1, int shift = 0)
    {
        var (latencies, scores) = (new long[LatencyBins.Count], new long[ScoreBins]);
        var failed = 0;
        for (var i = 0; i < requests; i++)
        {
            if (Number(ref random) < failing)
            {
                failed++;
                continue;
            }
            latencies[LatencyBins.BinOf(TimeSpan.FromMilliseconds((1 + (4 * Number(ref random))) * slower))]++;
            scores[Math.Min(ScoreBins - 1, (int)(Number(ref random) * ScoreBins) + shift)]++;
        }
        return new(requests - failed, failed, [.. latencies], [.. scores]);
    }

    private static double Number(ref SplitMix64 random) => (random.Next() >> 11) * (1.0 / (1UL << 53));
}
