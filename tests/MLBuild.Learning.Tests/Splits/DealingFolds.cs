using MLBuild.Learning.Rows;
using MLBuild.Learning.Splits;

namespace MLBuild.Learning.Tests.Splits;

/// <summary>Training rows are dealt to folds by the hash of their key, whatever side the split gave them.</summary>
public sealed class DealingFolds
{
    private const int Keys = 50_000;

    private static readonly RowKey[] All = [.. Enumerable.Range(0, Keys).Select(i => RowKey.Of($"row {i}"))];

    // Python: hashlib.sha256(hashlib.sha256(text).digest()[:16] + (1).to_bytes(4, 'big') + b'fold').digest()[:8], as a
    // part of 2**64
    [Theory]
    [InlineData("abc", 0.7766531137812005)]
    [InlineData("trip 7", 0.7721038605019996)]
    [InlineData("trip 8", 0.3657416877364861)]
    public void AKeyIsInTheFoldOfItsHash(string text, double hash)
    {
        foreach (var count in new[] { 2, 5, 10, 100 })
            Assert.Equal((int)(hash * count), new KeyFolds { Count = count }.Of(RowKey.Of(text)));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(5, 1)]
    [InlineData(5, -3)]
    [InlineData(10, 7)]
    public void FoldsAreAboutEquallyLarge(int count, int seed)
    {
        var folds = new KeyFolds { Count = count, FoldSeed = seed };
        var sizes = All.CountBy(folds.Of).OrderBy(fold => fold.Key).ToArray();
        Assert.Equal(Enumerable.Range(0, count), sizes.Select(fold => fold.Key));
        Assert.All(sizes, fold => Assert.InRange(fold.Value, Least(Keys, 1.0 / count), Most(Keys, 1.0 / count)));
    }

    // One hash for both would put all training keys into the upper folds.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TheSplitOfTheSameSeedTellsNothingOfTheFold(int seed)
    {
        var split = new KeySplit { SplitSeed = seed };
        var folds = new KeyFolds { FoldSeed = seed };
        var heldOut = All.Where(split.IsHeldOut).ToArray();
        var training = All.Except(heldOut).ToArray();
        foreach (var side in new[] { heldOut, training })
        {
            Assert.All(side.CountBy(folds.Of), fold =>
                Assert.InRange(fold.Value, Least(side.Length, 0.2), Most(side.Length, 0.2)));
        }
    }

    [Fact]
    public void TheSampleOfTheSameSeedTellsNothingOfFoldAndSplit()
    {
        var sample = new KeySample { Share = 0.3 };
        var taken = All.Where(sample.Has).ToArray();
        Assert.InRange(taken.Length, Least(Keys, 0.3), Most(Keys, 0.3));
        Assert.All(taken.CountBy(new KeyFolds().Of), fold =>
            Assert.InRange(fold.Value, Least(taken.Length, 0.2), Most(taken.Length, 0.2)));
        Assert.InRange(taken.Count(new KeySplit().IsHeldOut), Least(taken.Length, 0.2), Most(taken.Length, 0.2));
    }

    [Fact]
    public void AnotherSeedDealsAnew()
    {
        var (one, two) = (new KeyFolds { FoldSeed = 1 }, new KeyFolds { FoldSeed = 2 });
        Assert.InRange(All.Count(key => one.Of(key) == two.Of(key)), Least(Keys, 0.2), Most(Keys, 0.2));
    }

    [Fact]
    public void ALargerSampleOnlyAddsKeys()
    {
        var (small, large) = (new KeySample { Share = 0.1 }, new KeySample { Share = 0.3 });
        Assert.All(All.Where(small.Has), key => Assert.True(large.Has(key)));
        Assert.All(All, key => Assert.True(new KeySample().Has(key)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    public void ANumberOfFoldsOutOfRangeIsRefused(int count) => Assert.Equal(
        $"The sweep has {count} folds, expected 2 to 100. To train each point once, score one fold of them.",
        Assert.Throws<ArgumentException>(new KeyFolds { Count = count }.Validate).Message);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.5, "1.5")]
    [InlineData(double.NaN, "NaN")]
    public void AShareOutOfRangeIsRefused(double share, string shown) => Assert.Equal(
        $"The sweep learns from a share of {shown} of the training rows, expected above 0, up to 1.",
        Assert.Throws<ArgumentException>(new KeySample { Share = share }.Validate).Message);

    // Five standard deviations of a binomial count: by chance, one in a million and a half.
    private static double Least(int keys, double share) => keys * share - 5 * Math.Sqrt(keys * share * (1 - share));

    private static double Most(int keys, double share) => keys * share + 5 * Math.Sqrt(keys * share * (1 - share));
}
