using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>Quantiles between the known ones.</summary>
public sealed class ReadingQuantileFunctions
{
    [Theory]
    [InlineData(0.23)]
    [InlineData(-6.12)]
    [InlineData(1e308)]
    public void BetweenEqualQuantilesIsThatQuantile(double number)
    {
        var quantiles = Enumerable.Repeat(number, QuantileFunction.Parts + 1).ToArray();
        Assert.All(
            Enumerable.Range(0, 1_001),
            thousandth => Assert.Equal(number, QuantileFunction.At(quantiles, thousandth / 1000.0)));
    }
}
