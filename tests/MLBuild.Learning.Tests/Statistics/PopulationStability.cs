using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>The population stability index against published values, and the value chance gives against
/// simulation.</summary>
public sealed class PopulationStability
{
    private static readonly long[] Reference = [16, 18, 16, 14, 12, 12];
    private static readonly long[] Current = [16, 16, 16, 16, 16, 8];

    // deequ, KLLDistanceTest.scala
    [Fact]
    public void AsPublished() => Near.Equal(0.007406694184014186, Psi.FromCounts(
        [428, 425, 414, 427, 440, 447, 380, 386, 444, 386], [426, 437, 429, 391, 469, 433, 360, 443, 371, 418]));

    [Fact]
    public void AsComputedForTheEvidentlyExample() =>
        Assert.Equal(0.0372183816, Psi.FromCounts(Reference, Current), 1e-10);

    [Fact]
    public void IsZeroForEqualSharesAndSymmetric()
    {
        Assert.Equal(0, Psi.FromCounts(Reference, Reference));
        Assert.Equal(0, Psi.FromCounts([1, 2, 3], [10, 20, 30]), 1e-15);
        Near.Equal(Psi.FromCounts(Reference, Current), Psi.FromCounts(Current, Reference), 1e-14);
    }

    [Fact]
    public void AnEmptyBinCountsAsHalfARow()
    {
        // Shares 0.5 / 10 against 2 / 20, and 1 against 18 / 20.
        var expected = (0.1 - 0.05) * Math.Log(0.1 / 0.05) + (0.9 - 1) * Math.Log(0.9);
        Near.Equal(expected, Psi.FromCounts([0, 10], [2, 18]));
        Near.Equal(expected, Psi.FromCounts([2, 18], [0, 10]));
        Near.Equal(expected, Psi.FromCounts([0, 10, 0], [2, 18, 0]));
    }

    [Fact]
    public void HistogramsThatDoNotFitAreNamed()
    {
        Says("The histograms have 2 and 3 bins. Count both over the same bins, zeros included.", [1, 2], [1, 2, 3]);
        Says("The second histogram has no rows; a distance needs at least one.", [1, 2], [0, 0]);
        Says("Bin 1 of the first histogram counts -2 rows; expected 0 or more.", [1, -2], [1, 2]);

        static void Says(string message, long[] expected, long[] actual) =>
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => Psi.FromCounts(expected, actual)).Message);
    }

    [Fact]
    public void ChanceValueIsTheScaledChiSquareQuantile()
    {
        Near.Equal(16.918977604620448 * (1.0 / 200 + 1.0 / 300), PsiNull.Quantile95(bins: 10, n: 200, m: 300));
        Assert.Equal(0, PsiNull.Quantile95(bins: 1, n: 5, m: 5));
    }

    // Seeded simulation without drift, 10 equal bins: the usual 0.1 fires all the time, the chance value in about 5 %.
    [Theory]
    [InlineData(100, 0.80, 0.90)]
    [InlineData(200, 0.32, 0.42)]
    public void ChanceExceedsItsValueInAboutFivePercent(int rows, double thumbFrom, double thumbTo)
    {
        const int draws = 4000;
        var random = new Random(20260301);
        var chance = PsiNull.Quantile95(bins: 10, rows, rows);
        var overChance = 0;
        var overThumb = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            var psi = Psi.FromCounts(Uniform(random, bins: 10, rows), Uniform(random, bins: 10, rows));
            overChance += psi > chance ? 1 : 0;
            overThumb += psi > 0.1 ? 1 : 0;
        }
        Assert.InRange(overChance / (double)draws, 0.04, 0.08);
        Assert.InRange(overThumb / (double)draws, thumbFrom, thumbTo);
    }

    internal static long[] Uniform(Random random, int bins, int rows)
    {
        var counts = new long[bins];
        for (var row = 0; row < rows; row++)
            counts[random.Next(bins)]++;
        return counts;
    }
}
