using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>Regression metrics against published values, and what they say when there is nothing to say.</summary>
public sealed class MeasuringRegression
{
    // scikit-learn, r2_score documentation
    [Fact]
    public void AsPublished()
    {
        var metrics = Of((3, 2.5), (-0.5, 0), (2, 2), (7, 8));
        Assert.Equal(4, metrics.Count);
        Assert.Equal(0.9486081370449679, Number(metrics.R2), 1e-15);
        Assert.Equal(0.5, Number(metrics.Mae), 1e-15);
        Assert.Equal(0.375, Math.Pow(Number(metrics.Rmse), 2), 1e-15);
        Assert.Equal(0.25, Number(metrics.MeanError), 1e-15);
        Assert.Equal(0.25, Number(metrics.ShareWithinTenPercent));
    }

    [Fact]
    public void TenPercentIncludesTheBorderAndZeroOnlyItself()
    {
        Assert.Equal(1, Number(Of((100, 110), (-100, -90), (0, 0)).ShareWithinTenPercent));
        Assert.Equal(0, Number(Of((100, 110.001), (-100, -89.999), (0, 1e-300)).ShareWithinTenPercent));
    }

    [Theory]
    [InlineData(1, double.NaN)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 1)]
    public void OneNonFiniteScoreLeavesNoMetric(double actual, double predicted)
    {
        var metrics = Of((1, 1), (2, 2), (actual, predicted));
        var missing = new MetricValue.Missing("1 of 3 rows have a value that is not finite");
        Assert.Equal(new(3, 1, missing, missing, missing, missing, missing), metrics);
    }

    [Fact]
    public void NoRowsLeaveNoMetric()
    {
        var missing = new MetricValue.Missing("there are no rows");
        Assert.Equal(new(0, 0, missing, missing, missing, missing, missing), Of());
    }

    [Fact]
    public void EqualActualValuesHaveNoR2()
    {
        var metrics = Of((0.1, 0.1), (0.1, 0.2), (0.1, 0.3));
        Assert.Equal(new MetricValue.Missing("all actual values of the 3 rows are equal"), metrics.R2);
        Assert.Equal(0.1, Number(metrics.MeanError), 1e-15);
    }

    [Fact]
    public void AnOverflowIsMissingAndNeverPerfect()
    {
        Assert.IsType<MetricValue.Missing>(Of((0, 1e200), (1, 1)).Rmse);
        Assert.IsType<MetricValue.Missing>(Of((1e200, 1e200), (-1e200, -1e200)).R2);
    }

    [Fact]
    public void R2IsStableFarFromZero() =>
        Assert.Equal(0.5, Number(Of((1e9 - 1, 1e9 - 2), (1e9 + 1, 1e9 + 1)).R2), 1e-12);

    [Fact]
    public void MillionsOfEqualErrorsDoNotDrift()
    {
        var accumulator = new RegressionAccumulator();
        for (var row = 0; row < 3_000_000; row++)
            accumulator.Add(row % 7, row % 7 + 0.1);
        Assert.Equal(0.1, Number(accumulator.ToMetrics().Rmse), 1e-12);
    }

    private static RegressionMetrics Of(params (double Actual, double Predicted)[] rows)
    {
        var accumulator = new RegressionAccumulator();
        foreach (var (actual, predicted) in rows)
            accumulator.Add(actual, predicted);
        return accumulator.ToMetrics();
    }

    private static double Number(MetricValue metric) => Assert.IsType<MetricValue.Value>(metric).Number;
}
