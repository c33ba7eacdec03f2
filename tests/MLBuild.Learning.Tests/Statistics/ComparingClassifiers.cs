using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>McNemar's exact test against published values and enumeration.</summary>
public sealed class ComparingClassifiers
{
    // statsmodels, test_mcnemar_exact, with more digits from binomial sums in 40 digits.
    [Theory]
    [InlineData(121, 59, 4.4344492637551766575e-6)]
    [InlineData(70, 59, 0.37868766269311899469)]
    [InlineData(80, 59, 0.089452314994469204027)]
    [InlineData(30, 60, 0.0020602656809630756231)]
    [InlineData(10, 30, 0.0022214337732293643057)]
    [InlineData(10, 10, 1)]
    public void McNemarAsPublished(long onlyFirst, long onlySecond, double p)
    {
        Near.Equal(p, McNemar.ExactP(onlyFirst, onlySecond));
        Assert.Equal(McNemar.ExactP(onlyFirst, onlySecond), McNemar.ExactP(onlySecond, onlyFirst));
    }

    // Every way in which 12 rows can be right for one or the other is equally likely.
    [Fact]
    public void ThePIsTheShareOfCountsAtLeastThisUnequal()
    {
        const int rows = 12;
        for (var onlyFirst = 0; onlyFirst <= rows; onlyFirst++)
        {
            var atLeast = Enumerable.Range(0, 1 << rows)
                .Count(way => Unequal(int.PopCount(way)) >= Unequal(onlyFirst));
            Near.Equal(atLeast / (double)(1 << rows), McNemar.ExactP(onlyFirst, rows - onlyFirst));
        }

        static int Unequal(int onlyFirst) => Math.Abs(rows - 2 * onlyFirst);
    }

    [Fact]
    public void EqualModelsAreNotTold() => Assert.Equal(1, McNemar.ExactP(0, 0));

    [Fact]
    public void MillionsOfRowsHaveAP() =>
        Near.Equal(5.9367071702829e-7, McNemar.ExactP(2_000_000, 2_010_000), 1e-7);

    [Fact]
    public void NegativeCountsAreNamed() => Assert.Equal(
        "Only the first is right on 3 rows and only the second on -1; expected counts of 0 or more.",
        Assert.Throws<ArgumentException>(() => McNemar.ExactP(3, -1)).Message);
}
