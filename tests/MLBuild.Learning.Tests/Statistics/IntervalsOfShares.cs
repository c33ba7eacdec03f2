using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>Intervals of a share against published ends and against how often they hold the true one.</summary>
public sealed class IntervalsOfShares
{
    // The ends of 7 of 50 as scipy.stats.binomtest gives them; all from binomial sums in 30 digits.
    [Theory]
    [InlineData(7, 50, 0.95, 0.0581917003403720849, 0.267396002497008437)]
    [InlineData(0, 10, 0.95, 0, 0.308497107818760824)]
    [InlineData(10, 10, 0.95, 0.691502892181239176, 1)]
    [InlineData(1, 1000, 0.99, 5.01252926077750613e-6, 0.00740628693835293762)]
    [InlineData(3, 15, 0.9, 0.0568468675902468004, 0.439784435981556091)]
    public void ClopperPearsonAsPublished(long having, long all, double confidence, double low, double high)
    {
        var interval = ClopperPearsonInterval.Of(having, all, confidence);
        Near.Equal(low, interval.Low, 1e-9);
        Near.Equal(high, interval.High, 1e-9);
    }

    [Fact]
    public void WilsonAsPublished()
    {
        var (low, high) = WilsonInterval.Of(7, 50, 0.95);
        Near.Equal(0.0695083342701628952, low, 1e-9);
        Near.Equal(0.26186193710585539, high, 1e-9);
    }

    // Exact: the binomial probability of the counts whose interval holds the share.
    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(61)]
    public void ClopperPearsonNeverHoldsTheShareLessOftenThanSaidAndWilsonAsOftenOnAverage(int all)
    {
        var (leastOfClopperPearson, wilson, shares) = (1.0, 0.0, 0);
        for (var share = 0.005; share < 1; share += 0.01, shares++)
        {
            leastOfClopperPearson = Math.Min(leastOfClopperPearson, Coverage(ClopperPearsonInterval.Of, all, share));
            wilson += Coverage(WilsonInterval.Of, all, share);
        }
        Assert.InRange(leastOfClopperPearson, 0.95, 1);
        Assert.InRange(wilson / shares, 0.94, 0.965);
    }

    [Fact]
    public void MirroredCountsHaveMirroredIntervals()
    {
        for (var having = 0; having <= 30; having++)
        {
            var (low, high) = ClopperPearsonInterval.Of(having, 30, 0.9);
            var mirrored = ClopperPearsonInterval.Of(30 - having, 30, 0.9);
            Assert.Equal(low, 1 - mirrored.High, 1e-15);
            Assert.Equal(high, 1 - mirrored.Low, 1e-15);
            Assert.True(low <= having / 30.0 && having / 30.0 <= high);
        }
    }

    [Fact]
    public void WhatIsNoShareIsNamed()
    {
        Assert.Equal(
            "8 of 7 is no share. Count at least one row.",
            Assert.Throws<ArgumentException>(() => ClopperPearsonInterval.Of(8, 7, 0.95)).Message);
        Assert.StartsWith(
            "Expected 0 < value < 1. (Parameter 'confidence')",
            Assert.Throws<ArgumentOutOfRangeException>(() => ClopperPearsonInterval.Of(1, 7, 95)).Message);
    }

    private static double Coverage(Func<long, long, double, (double Low, double High)> interval, int all, double share)
    {
        var coverage = 0.0;
        for (var having = 0; having <= all; having++)
        {
            var (low, high) = interval(having, all, 0.95);
            if (low <= share && share <= high)
            {
                coverage += BinomialDistribution.Cdf(having, all, share)
                    - BinomialDistribution.Cdf(having - 1, all, share);
            }
        }
        return coverage;
    }
}
