using MLBuild.Learning.Drift;

namespace MLBuild.Learning.Tests.Drift;

/// <summary>Where the borders of quantile bins fall.</summary>
public sealed class ChoosingBins
{
    [Theory]
    [InlineData(new double[] { 4, 2, 0, 3, 1 }, 2, new double[] { 0, 1, 4 })]
    [InlineData(new double[] { 1, 2, 3, 4 }, 4, new double[] { 1, 1, 2, 3, 4 })]
    [InlineData(new double[] { 7 }, 10, new double[] { 7, 7 })]
    [InlineData(new double[] { 3, 3, 3, 3 }, 10, new double[] { 3, 3 })]
    [InlineData(new double[] { }, 10, new double[] { })]
    public void EqualSharesWithTiesMerged(double[] values, int bins, double[] edges) =>
        Assert.Equal(edges, QuantileEdges.From(values, bins).AsEnumerable());

    [Fact]
    public void ARangeIsCutIntoTenths() => Assert.Equal(
        [1, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000],
        QuantileEdges.From(Enumerable.Range(1, 1000).Select(i => (double)i), 10).AsEnumerable());

    [Fact]
    public void AFrequentValueHasABinOfItsOwn()
    {
        // 5 zeros, 70 ones, then 2..26 once each: without a border at 0 the zeros would hide among the ones.
        double[] values =
        [
            .. Enumerable.Repeat(0.0, 5), .. Enumerable.Repeat(1.0, 70),
            .. Enumerable.Range(2, 25).Select(i => (double)i),
        ];
        Assert.Equal([0, 0, 1, 6, 16, 26], QuantileEdges.From(values, 10).AsEnumerable());
    }
}
