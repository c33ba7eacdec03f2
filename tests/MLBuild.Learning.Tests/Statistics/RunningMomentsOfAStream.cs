using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>One-pass mean and variance.</summary>
public sealed class RunningMomentsOfAStream
{
    [Fact]
    public void AreStableFarFromZero()
    {
        // The textbook Σx² - (Σx)²/n loses every digit here.
        var moments = Of(1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16);
        Near.Equal(1e9 + 10, moments.Mean);
        Near.Equal(30, moments.Variance);
    }

    [Fact]
    public void OfEqualValuesHaveExactlyNoVariance() => Assert.Equal(0, Of(0.1, 0.1, 0.1, 0.1, 0.1).SumOfSquares);

    [Fact]
    public void OfOneValueHaveNoVariance() => Assert.Equal(0, Of(5).Variance);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(6)]
    public void AddUpHoweverTheStreamIsParted(int first)
    {
        double[] values = [4, 1, 7, 8, 2, 2];
        var moments = Of(values[..first]);
        moments.Merge(Of(values[first..]));
        Assert.Equal((6, 4.0, 42.0), (moments.Count, moments.Mean, Math.Round(moments.SumOfSquares, 9)));
        Assert.Equal(8.4, moments.Variance, 1e-12);
    }

    private static RunningMoments Of(params double[] values)
    {
        var moments = new RunningMoments();
        foreach (var value in values)
            moments.Add(value);
        return moments;
    }
}
