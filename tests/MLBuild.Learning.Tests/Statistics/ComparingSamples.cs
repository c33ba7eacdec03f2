using System.Numerics;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>Kolmogorov–Smirnov and Wasserstein against published values, enumeration and their own laws.</summary>
public sealed class ComparingSamples
{
    private static readonly double[] Hundred = [.. Enumerable.Range(1, 100).Select(i => (double)i)];

    private static readonly double[] HundredAndTen =
        [.. Enumerable.Range(0, 110).Select(i => 1 + i * 99.0 / 109 + 20.1)];

    // scipy, TestKSTwoSamples
    [Theory]
    [InlineData(new[] { 1.01, 2.01 }, new[] { 1.0, 2, 3 }, 1.0 / 3, 1.0)]
    [InlineData(new[] { 0.99, 1.99 }, new[] { 1.0, 2, 3 }, 2.0 / 3, 0.6)]
    public void KolmogorovSmirnovOfSmallSamplesAsPublished(double[] first, double[] second, double distance, double p)
    {
        var result = KolmogorovSmirnov.TwoSample(first, second);
        Near.Equal(distance, result.Statistic);
        Near.Equal(p, result.PValue);
    }

    [Theory]
    [InlineData(30, 50)]
    [InlineData(20_000, 15_000)]
    public void TheQuantileIsTheDistanceWhosePIsFivePercent(int n, int m) => Assert.Equal(
        0.05, KolmogorovSmirnov.AsymptoticP(KolmogorovSmirnov.Quantile95(n, m), n, m), 1e-9);

    [Fact]
    public void KolmogorovSmirnovExactAsPublished()
    {
        var result = KolmogorovSmirnov.TwoSample(Hundred, HundredAndTen);
        Near.Equal(232.0 / 1100, result.Statistic);
        Near.Equal(0.015739183865607353, result.PValue);
    }

    [Fact]
    public void KolmogorovSmirnovWithTiesAsPublished()
    {
        double[] first = [2, 2, 2, 3, 3, 3, 3, 5, 5, 5, 5, 5, 6, 6, 6, 6];
        var result = KolmogorovSmirnov.TwoSample(first, [.. first.Select(x => x + 1)]);
        Near.Equal(5.0 / 16, result.Statistic);
        Near.Equal(0.4262934613454952, result.PValue);
    }

    [Fact]
    public void KolmogorovSmirnovOfTwoSmallSamples()
    {
        var result = KolmogorovSmirnov.TwoSample(
            [38.7, 41.5, 43.8, 44.5, 45.5, 46.0, 47.7, 58.0], [39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8]);
        Near.Equal(0.625, result.Statistic);
        Assert.Equal(0.0870240870, result.PValue, 1e-10);
    }

    // The p is the share of all orders of the pooled values whose distance is at least as large.
    [Theory]
    [InlineData(3, 5)]
    [InlineData(4, 4)]
    [InlineData(6, 4)]
    public void KolmogorovSmirnovExactPIsAShareOfAllOrders(int n, int m)
    {
        var distances = new List<double>();
        var exact = new List<double>();
        for (var order = 0; order < 1 << (n + m); order++)
        {
            if (BitOperations.PopCount((uint)order) != n)
                continue;
            var first = Enumerable.Range(0, n + m).Where(i => (order >> i & 1) == 1).Select(i => (double)i);
            var second = Enumerable.Range(0, n + m).Where(i => (order >> i & 1) == 0).Select(i => (double)i);
            var result = KolmogorovSmirnov.TwoSample([.. first], [.. second]);
            distances.Add(result.Statistic);
            exact.Add(result.PValue);
        }
        for (var i = 0; i < exact.Count; i++)
        {
            var share = distances.Count(distance => distance >= distances[i] - 1e-12) / (double)distances.Count;
            Assert.Equal(share, exact[i], 1e-12);
        }
    }

    [Fact]
    public void KolmogorovSmirnovIsUnchangedByMonotoneMaps()
    {
        var plain = KolmogorovSmirnov.TwoSample(Hundred, HundredAndTen);
        Assert.Equal(
            plain,
            KolmogorovSmirnov.TwoSample(
                [.. Hundred.Select(x => Math.Log(x))], [.. HundredAndTen.Select(x => Math.Log(x))]));
        Assert.Equal(plain, KolmogorovSmirnov.TwoSample(HundredAndTen, Hundred));
        Assert.Equal(new(0, 1), KolmogorovSmirnov.TwoSample(Hundred, Hundred));
    }

    // Just under the size where the exact count ends, the limit must agree with it; scipy's 0.0165414 is another limit.
    [Fact]
    public void KolmogorovSmirnovLimitAgreesWithTheExactCount()
    {
        foreach (var shift in new[] { 40, 150, 220, 300 })
        {
            double[] first = [.. Enumerable.Range(0, 9000).Select(i => (double)i)];
            double[] second = [.. Enumerable.Range(0, 9999).Select(i => i * 0.9 + shift)];
            var exact = KolmogorovSmirnov.TwoSample(first, second);
            Near.Equal(exact.PValue, KolmogorovSmirnov.AsymptoticP(exact.Statistic, 9000, 9999), 0.02);
        }
    }

    [Fact]
    public void KolmogorovSmirnovTakesLargeSamples()
    {
        double[] first = [.. Enumerable.Range(0, 50_000).Select(i => (double)i)];
        var same = KolmogorovSmirnov.TwoSample(first, first);
        Assert.Equal(1, same.PValue);
        Assert.InRange(KolmogorovSmirnov.TwoSample(first, [.. first.Select(x => x + 5000)]).PValue, 0, 1e-100);
    }

    [Fact]
    public void SamplesThatCannotBeComparedAreNamed()
    {
        Assert.Equal(
            "The second sample holds NaN, which has no rank. Count such rows and leave them out.",
            Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.TwoSample([1], [2, double.NaN])).Message);
        Assert.Equal(
            "The first sample is empty; the test needs at least one value.",
            Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.TwoSample([], [2])).Message);
        Assert.Equal(
            "The first sample holds Infinity, which is at no finite distance. Count such rows and leave them out.",
            Assert.Throws<ArgumentException>(() => Wasserstein.Distance([double.PositiveInfinity], [2])).Message);
        Assert.Equal(
            "The second sample has 1 values and 2 weights; expected one for each.",
            Assert.Throws<ArgumentException>(() => Wasserstein.Distance([1], [1], [2], [1, 1])).Message);
    }

    // scipy.stats.wasserstein_distance documentation and tests
    [Fact]
    public void WassersteinAsPublished()
    {
        Near.Equal(5, Wasserstein.Distance([0, 1, 3], [5, 6, 8]));
        Near.Equal(0.25, Wasserstein.Distance([0, 1], [3, 1], [0, 1], [2, 2]));
        Near.Equal(4.0781331438047861, Wasserstein.Distance(
            [3.4, 3.9, 7.5, 7.8], [1.4, 0.9, 3.1, 7.2], [4.5, 1.4], [3.2, 3.5]));
        Near.Equal(2.5, Wasserstein.Distance([4.5, 6.7, 2.1], [3, 1, 1], [4.6, 7, 9.2], [1, 3, 1]));
    }

    [Fact]
    public void WassersteinOfAMovedSampleIsTheMove()
    {
        foreach (var move in new[] { -3.5, 0, 0.25, 100 })
        {
            Assert.Equal(Math.Abs(move), Wasserstein.Distance(Hundred, [.. Hundred.Select(x => x + move)]), 1e-10);
            Assert.Equal(Math.Abs(move), Wasserstein.Distance([.. Hundred.Select(x => x + move)], Hundred), 1e-10);
        }
    }
}
