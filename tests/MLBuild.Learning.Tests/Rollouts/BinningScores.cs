using MLBuild.Learning.Models;
using MLBuild.Learning.Rollouts;

namespace MLBuild.Learning.Tests.Rollouts;

/// <summary>Scores of both versions of a rollout are counted in the same bins.</summary>
public class BinningScores
{
    [Fact]
    public void ARegressionsBinsHoldAboutEquallyManyGoldenRows()
    {
        var golden = Enumerable.Range(0, 100).Select(i => (float)Math.Pow(i, 1.5)).ToArray();
        var bins = new ScoreBins(LearningTask.Regression, golden.Reverse());
        Assert.Equal(20, bins.Count);
        Assert.All(
            golden.CountBy(score => bins.BinOf([score])), bin => Assert.InRange(bin.Value, 4, 6));
        Assert.Equal(0, bins.BinOf([-1e9f]));
        Assert.Equal(19, bins.BinOf([1e9f]));
    }

    [Fact]
    public void AModelThatScoresAllAlikeHasTwoBins()
    {
        var bins = new ScoreBins(LearningTask.Regression, Enumerable.Repeat(5f, 100));
        Assert.Equal(2, bins.Count);
        Assert.Equal([0, 0, 1], new[] { 4f, 5f, 6f }.Select(score => bins.BinOf([score])));
    }

    [Fact]
    public void ProbabilitiesGoIntoFiftieths()
    {
        var bins = new ScoreBins(LearningTask.Binary("no", "yes"), []);
        Assert.Equal(50, bins.Count);
        Assert.Equal([0, 0, 1, 25, 49], new[] { 0f, 0.019f, 0.021f, 0.5f, 1f }.Select(score => bins.BinOf([score])));
    }

    [Fact]
    public void ClassesAreTheirOwnBins()
    {
        var bins = new ScoreBins(LearningTask.Multiclass("a", "b", "c"), []);
        Assert.Equal(3, bins.Count);
        Assert.Equal(2, bins.BinOf([0.1f, 0.3f, 0.6f]));
        Assert.Equal(0, bins.BinOf([0.4f, 0.4f, 0.2f]));
    }
}
