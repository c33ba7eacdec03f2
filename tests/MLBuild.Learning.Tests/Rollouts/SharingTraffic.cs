using MLBuild.Learning.Rollouts;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Rollouts;

/// <summary>Requests are shared by the hash of their key, and counted.</summary>
public class SharingTraffic
{
    private static readonly RowKey[] Keys = [.. Enumerable.Range(0, 20_000).Select(i => RowKey.Of($"request {i}"))];

    [Fact]
    public void ACandidateGetsItsPart() =>
        Assert.InRange(Keys.Count(key => TrafficShare.IsCandidates(key, rollout: 1, percent: 5)), 900, 1_100);

    [Fact]
    public void WhoeverIsWithTheCandidateStaysThereWhileItsPartGrows()
    {
        var first = Keys.Where(key => TrafficShare.IsCandidates(key, 1, 5)).ToArray();
        Assert.All(first, key => Assert.True(TrafficShare.IsCandidates(key, 1, 25)));
        Assert.All(Keys, key => Assert.True(TrafficShare.IsCandidates(key, 1, 100)));
        Assert.All(Keys, key => Assert.False(TrafficShare.IsCandidates(key, 1, 0)));
    }

    [Fact]
    public void AnotherRolloutGivesItOtherRequests()
    {
        var both = Keys.Count(key => TrafficShare.IsCandidates(key, 1, 25) && TrafficShare.IsCandidates(key, 2, 25));
        // A sixteenth, where one tells nothing of the other.
        Assert.InRange(both, 1_100, 1_400);
    }

    [Fact]
    public void TimesGoIntoBinsThatGrowByAFifth()
    {
        Assert.Equal(0, LatencyBins.BinOf(TimeSpan.Zero));
        Assert.Equal(LatencyBins.Count - 1, LatencyBins.BinOf(TimeSpan.FromHours(1)));
        foreach (var bin in Enumerable.Range(1, LatencyBins.Count - 2))
        {
            var (from, to) = (LatencyBins.UpperEdgeMilliseconds(bin - 1), LatencyBins.UpperEdgeMilliseconds(bin));
            Assert.Equal(bin, LatencyBins.BinOf(TimeSpan.FromMilliseconds((from + to) / 2)));
        }
    }

    [Fact]
    public void CountsOfSeveralServersAddUp()
    {
        var one = TrafficCounts.None(3) with { Answered = 2, Failed = 1, Scores = [1, 0, 1] };
        var sum = one.Plus(one with { Scores = [0, 5, 0] });
        Assert.Equal((4, 2, 6), (sum.Answered, sum.Failed, sum.Requests));
        Assert.Equal([1L, 5, 1], sum.Scores.ToArray());
        Assert.Throws<ArgumentException>(() => one.Plus(TrafficCounts.None(4)));
    }
}
