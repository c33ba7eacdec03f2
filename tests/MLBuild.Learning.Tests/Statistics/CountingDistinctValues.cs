using MLBuild.Learning.Rows;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>How many different values there are, in little memory.</summary>
public sealed class CountingDistinctValues
{
    public static TheoryData<int> Counts => [0, 1, 100, 5_000, 30_000, 200_000];

    [Theory]
    [MemberData(nameof(Counts))]
    public void EstimateIsWithinFourStandardErrors(int distinct)
    {
        // Doubles differ in their high bits, whole numbers in their low ones, texts in few.
        AssertEstimate(distinct, (row, i) => row.Whole = i, 0);
        AssertEstimate(distinct, (row, i) => row.Real = i, 1);
        AssertEstimate(distinct, (row, i) => row.Real = i / 100.0, 1);
        AssertEstimate(distinct, (row, i) => row.Text = $"{i}", 2);
        AssertEstimate(distinct, (row, i) => row.Exact = i / 100m, 3);
    }

    [Fact]
    public void DecimalsWithAndWithoutTrailingZerosAreOneValue() => Assert.Equal(
        Hash(new() { Exact = 1.50m }, 3), Hash(new() { Exact = 1.5m }, 3));

    private static void AssertEstimate(int distinct, Action<Row, int> set, int column)
    {
        var (sketch, first, second) = (new DistinctSketch(), new DistinctSketch(), new DistinctSketch());
        var row = new Row();
        for (var i = 0; i < distinct; i++)
        {
            set(row, i);
            var hash = Hash(row, column);
            sketch.Add(hash);
            sketch.Add(hash);
            (i % 3 == 0 ? first : second).Add(hash);
        }
        first.Merge(second);
        Assert.InRange(
            sketch.Estimate(),
            Math.Floor(distinct * (1 - 4 * DistinctSketch.StandardError)),
            Math.Ceiling(distinct * (1 + 4 * DistinctSketch.StandardError)));
        Assert.Equal(sketch.Estimate(), first.Estimate());
    }

    private static readonly RowBatch<Row> Batch = new();

    private static ulong Hash(Row row, int column)
    {
        Batch.Clear();
        Batch.Add(row, "", 1);
        Span<ulong> hash = [0];
        Batch.Columns[column].HashInto(hash);
        return hash[0];
    }

    private sealed class Row
    {
        [Column("whole")]
        public long Whole { get; set; }

        [Column("real")]
        public double Real { get; set; }

        [Column("text")]
        public string Text { get; set; } = "";

        [Column("exact")]
        public decimal Exact { get; set; }
    }
}
