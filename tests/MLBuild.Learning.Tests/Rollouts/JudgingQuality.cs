using MLBuild.Learning.Rollouts;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Rollouts;

/// <summary>A candidate is judged by its losses, where labels arrive.</summary>
public class JudgingQuality
{
    private static readonly CanaryOptions Options = new();

    [Fact]
    public void FewLabelsHoldHoweverWrongTheCandidateIs()
    {
        var finding = Judge(Losses(1, 3_000, 2), Losses(2, 99, 9));
        Assert.Equal(CanaryDecision.Hold, finding.Decision);
        Assert.Equal(
            "99 rows of the candidate and 3,000 of the champion have labels, expected 100 of each before their mean " +
            "absolute error is compared.",
            finding.Sentence);
        Assert.Equal(CanaryDecision.Hold, Judge(Losses(1, 99, 2), Losses(2, 3_000, 9)).Decision);
    }

    [Fact]
    public void AnEqualCandidateIsPromoted()
    {
        var finding = Judge(Losses(1, 20_000, 2), Losses(2, 5_000, 2), look: 5);
        Assert.Equal(CanaryDecision.Promote, finding.Decision);
        Assert.Matches(
            @"^Mean absolute error: (1\.9|2\.0)\d* of 5,000 rows with labels, the champion's (1\.9|2\.0)\d* of " +
            @"20,000; may be 10 % more \(bounds 1\.\d+ and 2\.[01]\d* against 2\.[12]\d*\)\.$", finding.Sentence);
    }

    [Fact]
    public void ABetterCandidateIsPromotedAndAWrongOneRolledBackAtTheFirstLook()
    {
        Assert.Equal(CanaryDecision.Promote, Judge(Losses(1, 1_900, 2), Losses(2, 100, 1)).Decision);
        Assert.Equal(CanaryDecision.RollBack, Judge(Losses(1, 1_900, 2), Losses(2, 100, 6)).Decision);
    }

    [Fact]
    public void NeitherIsShownOfFewRows()
    {
        var finding = Judge(Losses(1, 1_900, 2), Losses(2, 100, 2));
        Assert.Equal(CanaryDecision.Hold, finding.Decision);
        Assert.EndsWith("; more labels will tell.", finding.Sentence, StringComparison.Ordinal);
    }

    // Numbers from Welch's formula by hand: of n = 100 of means 3 and 2, variances 4 and 1, a tenth more allowed:
    // 3 - 2.2 in units of sqrt(4/100 + 1.21/100) = 0.2283, 155 degrees of freedom, t(0.975) = 1.9754.
    [Fact]
    public void TheBoundsAreWelchs() => Assert.EndsWith(
        "may be 10 % more (bounds 2.5491 and 3.4509 against 2.2).",
        Judge(new(100, 2, 99), new(100, 3, 396)).Sentence, StringComparison.Ordinal);

    [Fact]
    public void LossesThatAreAllAlikeHaveNoBounds()
    {
        Assert.Equal(CanaryDecision.Promote, Judge(new(100, 0, 0), new(100, 0, 0)).Decision);
        Assert.Equal(CanaryDecision.RollBack, Judge(new(100, 0, 0), new(100, 0.001, 0)).Decision);
    }

    [Fact]
    public void LooksAreAtTwiceAsManyRowsEachTime() => Assert.Equal(
        [-1, 0, 0, 1, 2],
        new[] { 99, 100, 199, 200, 400 }.Select(rows => CanaryJudge.LookAt(
            new QualityCounts("mean absolute error", new(), new(rows, 1, 1)), Options)));

    // Losses as those of fares: most are small, few are large.
    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    public void ManyLooksSeldomRollAnEqualCandidateBack(int championsPart)
    {
        var options = Options with { MaxLossIncrease = 0 };
        Assert.InRange(
            Enumerable.Range(1, 400).Count(
                seed => FirstDecision(seed, options, championsPart, times: 1) == CanaryDecision.RollBack),
            0, 20);
    }

    [Fact]
    public void ManyLooksSeldomPromoteACandidateThatIsJustTooBad()
    {
        var promoted = Enumerable.Range(1, 400).Count(
            seed => FirstDecision(seed, Options, championsPart: 1, times: 1.1001) == CanaryDecision.Promote);
        // 5 % are 20; so many seeds show it to about twice the standard deviation of 4.4.
        Assert.InRange(promoted, 1, 29);
    }

    private static CanaryFinding Judge(RunningMoments champion, RunningMoments candidate, int look = 0) =>
        CanaryJudge.JudgeQuality(new("mean absolute error", champion, candidate), look, Options);

    // Hold where none of the looks decides.
    private static CanaryDecision FirstDecision(int seed, CanaryOptions options, int championsPart, double times)
    {
        var random = new SplitMix64((ulong)seed);
        var (champion, candidate) = (new RunningMoments(), new RunningMoments());
        for (var look = 0; look < 6; look++)
        {
            while (candidate.Count < options.MinLabelled << look)
            {
                candidate.Add(times * Loss(ref random, 2));
                for (var i = 0; i < championsPart; i++)
                    champion.Add(Loss(ref random, 2));
            }
            var decision = CanaryJudge.JudgeQuality(new("loss", champion, candidate), look, options).Decision;
            if (decision != CanaryDecision.Hold)
                return decision;
        }
        return CanaryDecision.Hold;
    }

    private static RunningMoments Losses(int seed, int rows, double mean)
    {
        var random = new SplitMix64((ulong)seed);
        var losses = new RunningMoments();
        for (var i = 0; i < rows; i++)
            losses.Add(Loss(ref random, mean));
        return losses;
    }

    // Exponentially distributed.
    private static double Loss(ref SplitMix64 random, double mean) =>
        -mean * Math.Log(1 - ((random.Next() >> 11) * (1.0 / (1UL << 53))));
}
