using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>Paired comparison of two models' squared errors.</summary>
public sealed class ComparingPairs
{
    [Fact]
    public void MeanStandardErrorAndBoundByHand()
    {
        // 50 differences of 0 and 50 of 2: mean 1, variance 100/99, standard error √(1/99).
        var comparison = Of(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? 5.0 : 3.0, 3.0)));
        Assert.Equal(100, comparison.Count);
        Assert.Equal(1, Number(comparison.MeanDifference), 1e-14);
        Assert.Equal(Math.Sqrt(1.0 / 99), Number(comparison.StandardError), 1e-14);
        Assert.Equal(1 + 1.6448536269514722 * Math.Sqrt(1.0 / 99), Number(comparison.UpperBound95), 1e-12);
    }

    [Fact]
    public void AModelIsExactlyAsGoodAsItself()
    {
        var comparison = Of(Enumerable.Range(0, 40).Select(i => (i * 0.1, i * 0.1)));
        Assert.Equal([0, 0, 0], new[]
        {
            Number(comparison.MeanDifference), Number(comparison.StandardError), Number(comparison.UpperBound95),
        });
    }

    [Fact]
    public void FewPairsHaveNoInterval()
    {
        var comparison = Of(Enumerable.Range(0, 29).Select(i => (i * 1.0, 0.0)));
        Assert.Equal(14, Number(comparison.MeanDifference), 1e-12);
        Assert.Equal(
            new MetricValue.Missing("29 pairs are too few for an interval, which needs 30"),
            comparison.UpperBound95);
        Assert.Equal(
            new MetricValue.Missing("one pair has no spread; at least 2 are needed"), Of([(1, 2)]).StandardError);
    }

    [Fact]
    public void ANonFiniteErrorLeavesNoComparison()
    {
        var missing = new MetricValue.Missing("1 of 41 pairs have an error that is not finite");
        var pairs = Enumerable.Range(0, 40).Select(i => (i * 1.0, 0.0)).Append((double.NaN, 1));
        Assert.Equal(new(41, 1, missing, missing, missing), Of(pairs));
        Assert.Equal(new MetricValue.Missing("there are no pairs"), Of([]).MeanDifference);
    }

    // Seeded simulation of two equally good models: the bound lies below the true 0 in 5 % of all comparisons.
    [Fact]
    public void TheBoundHoldsInNinetyFivePercent()
    {
        var random = new Random(20260304);
        var below = 0;
        for (var draw = 0; draw < 4000; draw++)
        {
            var pairs = Enumerable.Range(0, 200).Select(_ => (SquaredError(), SquaredError()));
            below += Number(Of(pairs).UpperBound95) < 0 ? 1 : 0;
        }
        Assert.InRange(below / 4000.0, 0.04, 0.06);

        double SquaredError() => Math.Pow(random.NextDouble(), 2);
    }

    private static PairedComparison Of(IEnumerable<(double Challenger, double Champion)> squaredErrors)
    {
        var accumulator = new PairedComparisonAccumulator();
        foreach (var (challenger, champion) in squaredErrors)
            accumulator.Add(challenger, champion);
        return accumulator.ToComparison();
    }

    private static double Number(MetricValue metric) => Assert.IsType<MetricValue.Value>(metric).Number;
}
