using MLBuild.Learning.Rows;
using MLBuild.Learning.Splits;

namespace MLBuild.Stages.Tests.Split;

/// <summary>The hash that holds a key out, against values computed with another implementation of SHA-256.</summary>
public sealed class DealingByHash
{
    // Python: hashlib.sha256(text.encode()).hexdigest()[:32]
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb924")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223")]
    [InlineData("Ünï €", "c2ff4fcec09ca17d772261d0759a07ef")]
    public void AKeyIsTheFirstHalfOfTheSha256OfItsText(string text, string expected) =>
        Assert.Equal(expected, RowKey.Of(text).ToString());

    // Python: int.from_bytes(sha256(sha256(text)[:16] + seed.to_bytes(4, 'big', signed=True)).digest()[:8], 'big') /
    // 2**64
    [Theory]
    [InlineData("abc", 1, 0.12845242595388173)]
    [InlineData("abc", 2, 0.5255968907641413)]
    [InlineData("abc", -1, 0.5710763786213214)]
    [InlineData("trip 7", 1, 0.5033581133212872)]
    [InlineData("trip 8", 1, 0.9226355694927197)]
    public void AKeyIsHeldOutByEveryShareAboveItsHash(string text, int seed, double hash)
    {
        Assert.False(new KeySplit { HoldOutShare = hash - 1e-12, SplitSeed = seed }.IsHeldOut(RowKey.Of(text)));
        Assert.True(new KeySplit { HoldOutShare = hash + 1e-12, SplitSeed = seed }.IsHeldOut(RowKey.Of(text)));
    }

    [Theory]
    [InlineData(0.01, 1)]
    [InlineData(0.2, 1)]
    [InlineData(0.2, 99)]
    [InlineData(0.5, 7)]
    [InlineData(0.97, 1)]
    public void TheShareIsTheOneAskedFor(double share, int seed)
    {
        const int Keys = 100_000;
        var split = new KeySplit { HoldOutShare = share, SplitSeed = seed };
        var heldOut = Enumerable.Range(0, Keys).Count(i => split.IsHeldOut(RowKey.Of($"row {i}")));
        // Five standard deviations of a binomial count: by chance, one in a million and a half.
        Assert.InRange(heldOut, (Keys * share) - (5 * Math.Sqrt(Keys * share * (1 - share))), (Keys * share) +
            (5 * Math.Sqrt(Keys * share * (1 - share))));
    }

    [Fact]
    public void AnotherSeedDealsAnew()
    {
        const int Keys = 100_000;
        var (one, two) = (new KeySplit { SplitSeed = 1 }, new KeySplit { SplitSeed = 2 });
        var both = Enumerable.Range(0, Keys).Select(i => RowKey.Of($"row {i}")).Count(key =>
            one.IsHeldOut(key) && two.IsHeldOut(key));
        // Independent deals share 0.2 * 0.2 of the keys.
        Assert.InRange(both, 4_000 - (5 * 62), 4_000 + (5 * 62));
    }

    [Fact]
    public void ALargerShareOnlyAddsKeys()
    {
        var keys = Enumerable.Range(0, 10_000).Select(i => RowKey.Of($"row {i}")).ToArray();
        var (small, large) = (new KeySplit { HoldOutShare = 0.1 }, new KeySplit { HoldOutShare = 0.3 });
        Assert.All(keys.Where(small.IsHeldOut), key => Assert.True(large.IsHeldOut(key)));
    }
}
