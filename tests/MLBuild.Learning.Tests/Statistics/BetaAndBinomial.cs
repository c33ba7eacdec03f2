using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>Beta and binomial probabilities against published values, closed forms and sums in 30 digits.</summary>
public sealed class BetaAndBinomial
{
    // Summed or integrated with mpmath in 30 digits.
    [Theory]
    [InlineData(3, 13, 0.1, 0.184061069106391)]
    [InlineData(2, 3, 0.5, 0.6875)]
    [InlineData(0.5, 0.5, 0.01, 0.0637685608585198479)]
    [InlineData(0.3, 0.7, 0.2, 0.537596647746509674)]
    [InlineData(2.5, 7.5, 0.6, 0.989493247413535197)]
    [InlineData(50, 1, 0.9, 0.00515377520732011331)]
    [InlineData(7, 44, 0.02, 0.0000601266817855183266)]
    public void BetaOfSmallShapes(double a, double b, double x, double expected) =>
        Near.Equal(expected, BetaDistribution.Cdf(x, a, b));

    [Theory]
    [InlineData(400, 600, 0.38, 0.0978062977945221307)]
    [InlineData(900, 100, 0.87, 0.00158462447522749383)]
    [InlineData(2, 998, 0.0001, 0.00466572676300616274)]
    public void BetaOfShapesInTheHundreds(double a, double b, double x, double expected) =>
        Near.Equal(expected, BetaDistribution.Cdf(x, a, b), 1e-11);

    [Theory]
    [InlineData(1000, 2000, 0.33, 0.350632676134182747)]
    [InlineData(1000, 2000, 0.3, 0.0000407382791605079426)]
    [InlineData(100_000, 900_000, 0.0995, 0.0476326822799667269)]
    [InlineData(1_000_000, 3, 0.99999, 0.00276925951814738502)]
    [InlineData(5, 10_000_000, 1e-7, 0.00365985065942268712)]
    public void BetaOfLargeShapes(double a, double b, double x, double expected) =>
        Near.Equal(expected, BetaDistribution.Cdf(x, a, b), 1e-8);

    [Fact]
    public void BetaMirrors()
    {
        foreach (var x in new[] { 0.001, 0.2, 0.5, 0.75, 0.999 })
            Assert.Equal(1, BetaDistribution.Cdf(x, 3.5, 8) + BetaDistribution.Cdf(1 - x, 8, 3.5), 1e-13);
        Assert.Equal(0, BetaDistribution.Cdf(-1, 2, 2));
        Assert.Equal(1, BetaDistribution.Cdf(2, 2, 2));
    }

    [Fact]
    public void TheQuantileInvertsTheCdf()
    {
        foreach (var probability in new[] { 1e-9, 0.025, 0.5, 0.975 })
        {
            Near.Equal(
                probability, BetaDistribution.Cdf(BetaDistribution.Quantile(probability, 4, 30), 4, 30), 1e-11);
            // With b = 1 the distribution function is x^a.
            Near.Equal(Math.Pow(probability, 1.0 / 7), BetaDistribution.Quantile(probability, 7, 1), 1e-13);
        }
    }

    // scipy.stats.binomtest documentation: 3 or more of 15 at 0.1.
    [Fact]
    public void BinomialAsPublished() => Near.Equal(0.18406106910639114, BinomialDistribution.Survival(2, 15, 0.1));

    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(12, 0.5)]
    [InlineData(40, 0.02)]
    public void BinomialIsTheSumOfItsTerms(int trials, double probability)
    {
        var sum = 0.0;
        var term = Math.Pow(1 - probability, trials);
        for (var successes = 0; successes < trials; successes++)
        {
            sum += term;
            Near.Equal(sum, BinomialDistribution.Cdf(successes, trials, probability));
            Assert.Equal(1, sum + BinomialDistribution.Survival(successes, trials, probability), 1e-13);
            term *= (double)(trials - successes) / (successes + 1) * (probability / (1 - probability));
        }
    }

    [Fact]
    public void BinomialAtItsEnds()
    {
        Assert.Equal((0, 1), (BinomialDistribution.Cdf(-1, 5, 0.5), BinomialDistribution.Survival(-1, 5, 0.5)));
        Assert.Equal((1, 0), (BinomialDistribution.Cdf(5, 5, 0.5), BinomialDistribution.Survival(5, 5, 0.5)));
        Assert.Equal((1, 0), (BinomialDistribution.Cdf(0, 5, 0), BinomialDistribution.Survival(0, 5, 0)));
        Assert.Equal((0, 1), (BinomialDistribution.Cdf(4, 5, 1), BinomialDistribution.Survival(4, 5, 1)));
        Assert.Equal(1, BinomialDistribution.Cdf(0, 0, 0.5));
    }

    [Fact]
    public void WhatIsNoDistributionIsNamed()
    {
        Said("Expected a finite number above 0. (Parameter 'a')", () => BetaDistribution.Cdf(0.5, 0, 1));
        Said("Expected a finite number above 0. (Parameter 'b')", () => BetaDistribution.Cdf(0.5, 1, double.NaN));
        Said("Expected a number. (Parameter 'x')", () => BetaDistribution.Cdf(double.NaN, 1, 1));
        Said("Expected 0 < value < 1. (Parameter 'probability')", () => BetaDistribution.Quantile(0, 1, 1));
        Said("Expected 0 or more. (Parameter 'trials')", () => BinomialDistribution.Cdf(0, -1, 0.5));
        Said(
            "Expected 0 <= value <= 1. (Parameter 'probability')",
            () => BinomialDistribution.Survival(0, 1, double.NaN));

        static void Said(string message, Func<object> call) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(call).Message);
    }
}
