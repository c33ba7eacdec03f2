using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>Chi-square and normal probabilities against published values and closed forms.</summary>
public sealed class Distributions
{
    // scipy.stats.chisquare and chi2_contingency documentation: statistic, degrees of freedom, p.
    [Theory]
    [InlineData(2.0, 5, 0.84914503608460956)]
    [InlineData(3.5, 5, 0.62338762774958223)]
    [InlineData(2.7777777777777777, 2, 0.24935220877729619)]
    [InlineData(2.7688587616781319, 2, 0.25046668010954165)]
    public void ChiSquareSurvivalAsPublished(double statistic, int degreesOfFreedom, double p) =>
        Near.Equal(p, ChiSquareDistribution.Survival(statistic, degreesOfFreedom));

    // With 2k degrees of freedom the survival is e^(-x/2) Σ_{i<k} (x/2)^i / i!, far into both tails.
    [Theory]
    [InlineData(0.01, 4)]
    [InlineData(3, 2)]
    [InlineData(30, 6)]
    [InlineData(400, 10)]
    [InlineData(90, 100)]
    [InlineData(180, 100)]
    public void ChiSquareSurvivalAsPoissonSum(double x, int degreesOfFreedom)
    {
        var term = Math.Exp(-x / 2);
        var sum = 0.0;
        for (var i = 0; i < degreesOfFreedom / 2; i++)
        {
            sum += term;
            term *= x / 2 / (i + 1);
        }
        Near.Equal(sum, ChiSquareDistribution.Survival(x, degreesOfFreedom));
        Assert.Equal(1, ChiSquareDistribution.Cdf(x, degreesOfFreedom) + sum, 1e-12);
    }

    // NIST/SEMATECH e-Handbook, table of upper critical values (1.3.6.7.4), and R's qchisq for more digits.
    [Theory]
    [InlineData(0.95, 1, 3.841458820694124)]
    [InlineData(0.95, 9, 16.918977604620448)]
    [InlineData(0.99, 5, 15.086272469388987)]
    [InlineData(0.5, 2, 1.3862943611198906)]
    public void ChiSquareQuantileAsPublished(double probability, int degreesOfFreedom, double expected) =>
        Near.Equal(expected, ChiSquareDistribution.Quantile(probability, degreesOfFreedom));

    [Theory]
    [InlineData(1)]
    [InlineData(49)]
    [InlineData(999)]
    public void ChiSquareQuantileInvertsTheCdf(int degreesOfFreedom)
    {
        foreach (var probability in new[] { 1e-6, 0.05, 0.5, 0.95, 0.999999 })
        {
            var quantile = ChiSquareDistribution.Quantile(probability, degreesOfFreedom);
            Near.Equal(probability, ChiSquareDistribution.Cdf(quantile, degreesOfFreedom), 1e-11);
        }
    }

    [Theory]
    [InlineData(-1.96, 0.024997895148220435)]
    [InlineData(-10, 7.619853024160527e-24)]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.8413447460685429)]
    public void NormalCdfAsPublished(double x, double expected) => Near.Equal(expected, NormalDistribution.Cdf(x));

    [Theory]
    [InlineData(0.95, 1.6448536269514722)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.05, -1.6448536269514722)]
    [InlineData(0.001, -3.0902323061678132)]
    public void NormalQuantileAsPublished(double probability, double expected) =>
        Near.Equal(expected, NormalDistribution.Quantile(probability), 1e-11);

    [Fact]
    public void TheMedianOfTheNormalDistributionIsZero() => Assert.Equal(0, NormalDistribution.Quantile(0.5), 1e-15);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void AQuantileNeedsAProbability(double probability)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalDistribution.Quantile(probability));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChiSquareDistribution.Quantile(probability, 1));
    }

    [Fact]
    public void ChiSquareNeedsADegreeOfFreedom() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ChiSquareDistribution.Survival(1, 0));
}
