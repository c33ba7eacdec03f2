using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>Adjusting the p-values of many tests.</summary>
public sealed class ManyTests
{
    private static readonly double[] Published =
    [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
    ];

    // scipy.stats.false_discovery_control documentation: the example of Benjamini and Hochberg.
    private static readonly double[] Adjusted =
    [
        0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714, 0.06385714, 0.0645,
        0.0765, 0.486, 0.58118182, 0.714875, 0.75323077, 0.81321429, 1,
    ];

    [Fact]
    public void AsPublished()
    {
        var actual = BenjaminiHochberg.Adjust(Published);
        Assert.All(actual.Zip(Adjusted), pair => Assert.Equal(pair.Second, pair.First, 1e-8));
    }

    [Fact]
    public void ResultsKeepTheOrderOfTheTests()
    {
        var backwards = BenjaminiHochberg.Adjust([.. Published.Reverse()]);
        Assert.Equal(BenjaminiHochberg.Adjust(Published).Reverse(), backwards);
        Assert.Empty(BenjaminiHochberg.Adjust([]));
        Assert.Equal([0.3], BenjaminiHochberg.Adjust([0.3]));
    }

    [Fact]
    public void NaNIsNoPValue() => Assert.Equal(
        "The p-value at 1 is NaN; expected a number in 0..1.",
        Assert.Throws<ArgumentException>(() => BenjaminiHochberg.Adjust([0.1, double.NaN])).Message);
}
