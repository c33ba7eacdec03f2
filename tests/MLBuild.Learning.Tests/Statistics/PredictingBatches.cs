using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>Intervals and the distributions they rest on, against published numbers.</summary>
public sealed class PredictingBatches
{
    // NIST/SEMATECH e-Handbook, 1.3.6.7.2, critical values of Student's t.
    [Theory]
    [InlineData(1, 0.975, 12.706)]
    [InlineData(2, 0.95, 2.920)]
    [InlineData(5, 0.975, 2.571)]
    [InlineData(10, 0.99, 2.764)]
    [InlineData(30, 0.999, 3.385)]
    [InlineData(100, 0.9, 1.290)]
    public void QuantilesOfStudentAreThoseOfTheTable(int degreesOfFreedom, double probability, double expected)
    {
        Assert.Equal(expected, StudentT.Quantile(probability, degreesOfFreedom), 5e-4);
        Assert.Equal(-expected, StudentT.Quantile(1 - probability, degreesOfFreedom), 5e-4);
    }

    [Fact]
    public void StudentWithOneDegreeIsCauchyAndInTheFarTailExact()
    {
        foreach (var t in new[] { -1e6, -30, -1, -0.1, 0, 0.5, 3 })
        {
            var cauchy = t < -10 ? Math.Atan(-1 / t) / Math.PI : 0.5 + Math.Atan(t) / Math.PI;
            Assert.Equal(cauchy, StudentT.Cdf(t, 1), 1e-13);
        }
        Assert.Equal(1, StudentT.Cdf(StudentT.Quantile(1e-9, 7), 7) / 1e-9, 1e-6);
    }

    // SciPy's documentation of binomtest.
    [Fact]
    public void WilsonIntervalIsThatOfScipy()
    {
        var (low, high) = WilsonInterval.Of(7, 50, 0.95);
        Assert.Equal((0.0695083, 0.2618619), (Math.Round(low, 7), Math.Round(high, 7)));
        Assert.Equal(0, WilsonInterval.Of(0, 10, 0.95).Low);
        Assert.Equal(1, WilsonInterval.Of(10, 10, 0.95).High);
        Assert.Equal(
            "8 of 7 is no share. Count at least one row.",
            Assert.Throws<ArgumentException>(() => WilsonInterval.Of(8, 7, 0.95)).Message);
    }

    [Fact]
    public void WithoutSamplingVarianceTheIntervalIsThatOfTheTextbook()
    {
        // Mean 52, s = √10; t(4; 0.975) = 2.7764; 2.7764 · √10 · √(1 + 1/5) = 9.618.
        Measurement[] history = [new(48, 0), new(50, 0), new(52, 0), new(54, 0), new(56, 0)];
        var (middle, reach) = PredictionInterval.Of(history, 0, 0.05);
        Assert.Equal((52, 9.618), (middle, Math.Round(reach, 3)));
    }

    [Fact]
    public void BatchesThatDifferByChanceOnlyLeaveTheSamplingVariance()
    {
        Measurement[] history = [new(10, 4), new(10, 4), new(10, 4), new(10, 4), new(10, 4)];
        var (middle, reach) = PredictionInterval.Of(history, 9, 0.05);
        Assert.Equal((10, 8.69), (middle, Math.Round(reach, 2)));
    }

    // The share of batches outside is the one asked for, few and many batches, alike and different.
    [Theory]
    [InlineData(5, 0)]
    [InlineData(5, 2)]
    [InlineData(20, 0)]
    [InlineData(20, 2)]
    public void BatchesLeaveTheIntervalAsRarelyAsSaid(int batches, double between)
    {
        var random = new Random(11);
        var outside = 0;
        const int trials = 20_000;
        for (var trial = 0; trial < trials; trial++)
        {
            var history = Enumerable.Range(0, batches).Select(_ => Next()).ToArray();
            var next = Next();
            var (middle, reach) = PredictionInterval.Of(history, next.Variance, 0.05);
            outside += Math.Abs(next.Value - middle) > reach ? 1 : 0;
        }
        // Wider than needed where batches do not differ, for then τ² is overestimated half of the time.
        Assert.InRange((double)outside / trials, between == 0 ? 0.002 : 0.035, 0.06);

        Measurement Next()
        {
            var variance = 0.5 + random.NextDouble();
            return new(between * Normal() + Math.Sqrt(variance) * Normal(), variance);
        }

        double Normal() => NormalDistributionSample(random);
    }

    private static double NormalDistributionSample(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
