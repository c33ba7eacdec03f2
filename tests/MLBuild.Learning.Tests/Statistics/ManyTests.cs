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

    // R, p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm"), by hand: 5, 4, 3 times; then no smaller than before.
    [Fact]
    public void HolmStepsDown()
    {
        var adjusted = Holm.Adjust([0.04, 0.01, 0.03, 0.05, 0.02]);
        Assert.All(
            adjusted.Zip([0.09, 0.05, 0.09, 0.09, 0.08]), pair => Assert.Equal(pair.Second, pair.First, 1e-15));
        Assert.Empty(Holm.Adjust([]));
        Assert.Equal([0.3], Holm.Adjust([0.3]));
        Assert.Equal([1, 1], Holm.Adjust([0.6, 0.9]));
    }

    // A hypothesis is rejected when every set of hypotheses with it is, by Bonferroni: the closure of that test
    // (Marcus, Peritz, Gabriel, Biometrika 63, 1976), which Holm's steps shorten.
    [Fact]
    public void HolmIsTheClosureOfBonferroni()
    {
        double[] pValues = [0.0004, 0.3, 0.011, 0.012, 0.04, 0.04, 0.9, 0.02];
        var adjusted = Holm.Adjust(pValues);
        for (var test = 0; test < pValues.Length; test++)
        {
            var closure = Enumerable.Range(1, (1 << pValues.Length) - 1)
                .Where(set => (set >> test & 1) == 1)
                .Max(set => Math.Min(1, int.PopCount(set) * pValues.Where((_, i) => (set >> i & 1) == 1).Min()));
            Assert.Equal(closure, adjusted[test], 1e-15);
        }
    }

    [Fact]
    public void HolmIsNeverBelowBenjaminiHochberg() => Assert.All(
        Holm.Adjust(Published).Zip(BenjaminiHochberg.Adjust(Published)),
        pair => Assert.True(pair.First >= pair.Second));

    [Fact]
    public void HolmTakesProbabilitiesOnly() => Assert.Equal(
        "The p-value at 1 is 1.5; expected a number in 0..1.",
        Assert.Throws<ArgumentException>(() => Holm.Adjust([0.1, 1.5])).Message);
}
