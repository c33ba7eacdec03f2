using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>Pseudo-random numbers are those of the published generator, and every bound is fair.</summary>
public sealed class DrawingNumbers
{
    // The first numbers of seed 1234567, as Rosetta Code lists them for SplitMix64.
    [Fact]
    public void AsPublished()
    {
        var random = new SplitMix64(1234567);
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => random.Next()).ToArray());
    }

    [Fact]
    public void AStreamStartsAtANumberOfItsSeed()
    {
        var seeds = new SplitMix64(1234567);
        for (var stream = 0; stream < 4; stream++)
            Assert.Equal(new SplitMix64(seeds.Next()).Next(), SplitMix64.Stream(1234567, stream).Next());
    }

    // Computed independently: the upper 64 bits of number times bound.
    [Fact]
    public void BelowABoundIsTheScaledNumber()
    {
        var random = new SplitMix64(1234567);
        Assert.Equal(Dice, Enumerable.Range(0, 12).Select(_ => random.Below(6)).ToArray());
    }

    // Chi-square with 6 degrees of freedom lies below 27.9 in 9,999 of 10,000 draws.
    [Fact]
    public void EveryNumberBelowTheBoundIsAsLikely()
    {
        var random = new SplitMix64(42);
        var counts = new long[7];
        for (var i = 0; i < 70_000; i++)
            counts[random.Below(7)]++;
        Assert.InRange(counts.Sum(count => (count - 10_000.0) * (count - 10_000.0) / 10_000), 0, 27.9);
        Assert.Equal(0, random.Below(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void ThereIsNoNumberBelowNone(int bound) => Assert.StartsWith(
        "Expected at least 1.",
        Assert.Throws<ArgumentOutOfRangeException>(() => new SplitMix64(1).Below(bound)).Message);

    private static readonly int[] Dice = [2, 1, 3, 1, 5, 2, 3, 1, 2, 4, 2, 2];
}
