using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>Quantiles in little memory, and how wrong they can be.</summary>
public sealed class SketchingQuantiles
{
    private static readonly double[] Shares = [.. Enumerable.Range(0, 101).Select(i => i / 100.0)];

    public static TheoryData<string> Orders => ["rising", "falling", "shuffled", "saw", "merged"];

    [Theory]
    [MemberData(nameof(Orders))]
    public void RankIsWithinTheErrorThatTheSketchStates(string order)
    {
        const int count = 200_000;
        var numbers = Enumerable.Range(0, count).Select(i => order switch
        {
            "falling" => count - 1.0 - i,
            "saw" => i % 1000 * 200 + i / 1000,
            _ => i,
        }).ToArray();
        if (order is "shuffled" or "merged")
            new Random(7).Shuffle(numbers);
        var sketch = new QuantileSketch();
        foreach (var part in numbers.Chunk(order == "merged" ? 700 : count))
        {
            var other = new QuantileSketch();
            other.Add(part);
            sketch.Merge(other);
        }
        Assert.Equal(count, sketch.Count);
        Assert.InRange(sketch.RankError, 0.001, 0.025);
        var quantiles = sketch.Quantiles(Shares);
        for (var i = 0; i < Shares.Length; i++)
            Assert.InRange(Math.Abs(quantiles[i] / count - Shares[i]), 0, sketch.RankError + 1.0 / count);
    }

    [Fact]
    public void FewNumbersAreExact()
    {
        var sketch = new QuantileSketch();
        sketch.Add([.. Enumerable.Range(1, 200).Select(i => (double)i).Reverse()]);
        Assert.Equal(0, sketch.RankError);
        Assert.Equal([1, 2, 100, 101, 200], sketch.Quantiles(0, 0.01, 0.5, 0.505, 1));
    }

    [Fact]
    public void NumberSeenOftenWeighsAsMuch()
    {
        var sketch = new QuantileSketch();
        sketch.Add(1, 999);
        sketch.Add(5, 1);
        Assert.Equal((1000, 0), (sketch.Count, sketch.RankError));
        Assert.Equal([1, 1, 5], sketch.Quantiles(0, 0.999, 1));
    }

    [Fact]
    public void SameNumbersInTheSameOrderGiveTheSameQuantiles()
    {
        Assert.Equal(Of(1), Of(1));
        Assert.Equal(Of(1), Of(999));

        // However many are added at once.
        static double[] Of(int size)
        {
            var (random, sketch) = (new Random(3), new QuantileSketch());
            foreach (var part in Enumerable.Range(0, 50_000).Select(_ => random.NextDouble()).Chunk(size))
                sketch.Add(part);
            return sketch.Quantiles(Shares);
        }
    }
}
