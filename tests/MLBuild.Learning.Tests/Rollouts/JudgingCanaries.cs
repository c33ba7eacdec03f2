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
            "The candidate got 0 requests of different keys, expected 200 before anything is decided.",
            verdict.Because);
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
        Assert.Equal("The champion got 10 requests of different keys, expected 200 to compare with.", verdict.Because);
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
    public void WhatNobodyNoticesIsNotSlow()
    {
        var champion = Answering(TimeSpan.FromMilliseconds(0.1), 4_000);
        CanaryDecision Decision(double milliseconds, double neverSlow) => CanaryJudge.Judge(
            champion, Answering(TimeSpan.FromMilliseconds(milliseconds), 3_000), 3,
            Options with { NeverSlowMilliseconds = neverSlow }).Decision;

        Assert.Equal(CanaryDecision.Promote, Decision(0.11, neverSlow: 5));
        Assert.Equal(CanaryDecision.Promote, Decision(5, neverSlow: 5));
        Assert.Equal(CanaryDecision.RollBack, Decision(7, neverSlow: 5));
        Assert.Equal(CanaryDecision.RollBack, Decision(0.11, neverSlow: 0));
        Assert.Equal(CanaryDecision.Promote, Decision(50_000, neverSlow: 60_000));
        Assert.Contains(
            "Answers that took longer than 5.52 ms: 100 %, the champion's 0 %; may be 15 %",
            CanaryJudge.Judge(champion, Answering(TimeSpan.FromMilliseconds(7), 3_000), 3, Options).Because);
    }

    // A server is read while it counts.
    [Fact]
    public void OneAnswerThatIsNotInAllCountsYetIsNoFault()
    {
        var behind = Answering(TimeSpan.FromSeconds(9), 3_000) with { Answered = 2_999 };
        Assert.Equal(
            CanaryDecision.RollBack,
            CanaryJudge.Judge(Answering(TimeSpan.FromMilliseconds(1), 4_000), behind, 3, Options).Decision);
    }

    [Fact]
    public void ScoresOfOneBinCannotBeCompared()
    {
        TrafficCounts OneBin(TrafficCounts counts) => counts with { Scores = [counts.Scores.Sum()] };
        var verdict = CanaryJudge.Judge(OneBin(Traffic(1, 10_000)), OneBin(Traffic(2, 3_000)), 3, Options);
        Assert.Equal(CanaryDecision.Hold, verdict.Decision);
        Assert.Equal(
            "The champion's golden rows tell one score from no other, so the scores of both versions cannot be " +
            "compared; a person decides.",
            verdict.Because);
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
        Assert.InRange(
            Enumerable.Range(1, 400).Count(
                seed => FirstDecision(seed, options, failing: 0.03) == CanaryDecision.RollBack),
            0, 20);
    }

    [Fact]
    public void ManyLooksSeldomPromoteACandidateThatIsJustTooBad()
    {
        var options = Options with { MaxErrorIncrease = 0.02, MaxScoreDistance = 1, MaxSlowShare = 0.99 };
        var promoted = Enumerable.Range(1, 400).Count(
            seed => FirstDecision(seed, options, failing: 0.0501) == CanaryDecision.Promote);
        // 5 % are 20; so many seeds show it to about twice the standard deviation of 4.4.
        Assert.InRange(promoted, 1, 29);
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
            NeverSlowMilliseconds = -1,
            MaxScoreDistance = 2,
            MaxLossIncrease = -0.1,
            MinLabelled = 29,
        }.Validate());
        Assert.Equal(
            "The canary cannot be judged: Steps (--canary-steps) are 25, 5, expected rising numbers from 1 to 100, " +
            "the first below 100; MinRequests (--canary-requests) is 3, expected 30 to 100,000; MaxErrorIncrease " +
            "(--canary-error-increase) is NaN, expected 0 to 1; MaxSlowShare (--canary-slow-share) is 0.05, expected " +
            "above 0.05, below 1; NeverSlowMilliseconds (--canary-never-slow-milliseconds) is -1, expected 0 to " +
            "60,000; MaxScoreDistance (--canary-score-distance) is 2, expected 0 to 1; MaxLossIncrease " +
            "(--canary-loss-increase) is -0.1, expected 0 to 10; MinLabelled (--canary-labelled) is 29, expected 30 " +
            "to 100,000.",
            error.Message);
    }

    [Theory]
    [InlineData(new int[0], false)]
    [InlineData(new[] { 100 }, false)]
    [InlineData(new[] { 0, 50 }, false)]
    [InlineData(new[] { 50, 101 }, false)]
    [InlineData(new[] { 1, 100 }, true)]
    [InlineData(new[] { 99 }, true)]
    public void StepsRiseFromBelowAHundredToAHundredAtMost(int[] steps, bool areGood) => Assert.Equal(
        areGood, Record.Exception((Options with { Steps = steps }).Validate) is null);

    // Hold where none of the looks decides. Of the champion's requests 3 % fail.
    private static CanaryDecision FirstDecision(int seed, CanaryOptions options, double failing)
    {
        var random = new SplitMix64((ulong)seed);
        var (champion, candidate) = (TrafficCounts.None(ScoreBins), TrafficCounts.None(ScoreBins));
        for (var look = 0; look < 6; look++)
        {
            while (CanaryJudge.LookAt(candidate, options) < look)
                (champion, candidate) = (
                    champion.Plus(Requests(ref random, 50, failing: 0.03)),
                    candidate.Plus(Requests(ref random, 50, failing)));
            var decision = CanaryJudge.Judge(champion, candidate, look, options).Decision;
            if (decision != CanaryDecision.Hold)
                return decision;
        }
        return CanaryDecision.Hold;
    }

    private static TrafficCounts Answering(TimeSpan latency, int requests)
    {
        var (latencies, scores) = (new long[LatencyBins.Count], new long[ScoreBins]);
        (latencies[LatencyBins.BinOf(latency)], scores[4]) = (requests, requests);
        return new(requests, 0, [.. latencies], [.. scores]);
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
