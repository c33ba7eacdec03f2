using MLBuild.Learning.Metrics;
using MLBuild.Learning.Statistics;
using MLBuild.Learning.Tests.Statistics;
using static MLBuild.Learning.Tests.Metrics.Measured;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>Paired comparison of two classifiers on the same rows.</summary>
public sealed class ComparingAccuracies
{
    [Fact]
    public void CountsDifferenceAndTestByHand()
    {
        // Of 100 rows 30 are right for the challenger alone, 10 for the champion alone, 50 for both, 10 for none.
        var comparison = Of(
        [
            .. Enumerable.Repeat((1.0, 0.9, 0.1), 15), .. Enumerable.Repeat((0.0, 0.1, 0.9), 15),
            .. Enumerable.Repeat((1.0, 0.4, 0.6), 10),
            .. Enumerable.Repeat((1.0, 0.9, 0.6), 50), .. Enumerable.Repeat((0.0, 0.9, 0.6), 10),
        ]);
        // Differences 1, −1 and 0: Σd² = 40, Σd = 20, variance (40 − 4) / 99.
        Assert.Equal(
            new(
                100, 0, 0, 0, MetricValue.Of(30), MetricValue.Of(10), MetricValue.Of(0.2),
                comparison.StandardError, MetricValue.Of(McNemar.ExactP(30, 10))),
            comparison);
        Near.Equal(Math.Sqrt(36.0 / 99 / 100), Number(comparison.StandardError));
    }

    [Fact]
    public void TheDifferenceIsThatOfTheAccuracies()
    {
        var random = new Random(5);
        var (challenger, champion) = (new BinaryAccumulator(0.3), new BinaryAccumulator(0.3));
        var paired = new PairedAccuracyAccumulator(0.3);
        for (var row = 0; row < 400; row++)
        {
            var (label, first, second) = (random.Next(2), random.NextDouble(), random.NextDouble());
            challenger.Add(label, first);
            champion.Add(label, second);
            paired.Add(label, first, second);
        }
        var (one, other) = (challenger.ToMetrics().AtThreshold, champion.ToMetrics().AtThreshold);
        Assert.Equal(
            Number(one.Accuracy) - Number(other.Accuracy), Number(paired.ToComparison().Difference), 1e-15);
    }

    [Fact]
    public void AModelIsExactlyAsGoodAsItself()
    {
        var comparison = Of(Enumerable.Range(0, 40).Select(row => (row % 2 * 1.0, row / 40.0, row / 40.0)));
        Assert.Equal(
            (0, 0, 1),
            (Number(comparison.Difference), Number(comparison.StandardError), Number(comparison.PValue)));
    }

    [Theory]
    [InlineData(double.NaN, 0.5, 0.5)]
    [InlineData(1, double.NaN, 0.5)]
    [InlineData(1, 0.5, double.PositiveInfinity)]
    public void ANonFiniteValueOfEitherLeavesNoComparison(double label, double challenger, double champion) =>
        AllMissing(
            Of([(1, 0.5, 0.5), (label, challenger, champion)]),
            new(2, 1, 0, 0),
            "1 of 2 rows have a value that is not finite");

    [Fact]
    public void AFaultOfEitherLeavesNoComparison()
    {
        AllMissing(
            Of([(1, 0.5, 0.5), (1, 0.5, 7), (1, 7, 7)]),
            new(3, 0, 0, 2),
            "2 of 3 rows have a probability outside 0..1");
        AllMissing(Of([(3, 0.5, 0.5)]), new(1, 0, 1, 0), "1 of 1 rows have a label that is neither 0 nor 1");
        AllMissing(Of([]), new(0, 0, 0, 0), "there are no rows");
    }

    [Fact]
    public void OneRowHasNoSpread() => Assert.Equal(
        new MetricValue.Missing("one row has no spread; at least 2 are needed"), Of([(1, 0.5, 0.4)]).StandardError);

    private static void AllMissing(PairedAccuracy comparison, FaultCounts counts, string reason)
    {
        var missing = new MetricValue.Missing(reason);
        Assert.Equal(
            new(
                counts.All, counts.NonFinite, counts.UnknownLabel, counts.OutOfRange,
                missing, missing, missing, missing, missing),
            comparison);
    }

    private static PairedAccuracy Of(IEnumerable<(double Label, double Challenger, double Champion)> rows)
    {
        var accumulator = new PairedAccuracyAccumulator();
        foreach (var (label, challenger, champion) in rows)
            accumulator.Add(label, challenger, champion);
        return accumulator.ToComparison();
    }

    private sealed record FaultCounts(long All, long NonFinite, long UnknownLabel, long OutOfRange);
}
