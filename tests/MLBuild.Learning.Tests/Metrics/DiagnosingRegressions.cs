using MLBuild.Learning.Metrics;
using MLBuild.Learning.Tests.Gates;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>What plots of a regression are drawn from.</summary>
public sealed class DiagnosingRegressions
{
    private static (double Actual, double Predicted)[] Rows(int count, double bias = 0)
    {
        var draws = new SeededDraws(11);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var predicted = i % 1000 / 10.0;
            return (predicted - bias + draws.Normal(), predicted);
        })];
    }

    private static RegressionDiagnostics Of((double Actual, double Predicted)[] rows)
    {
        var plots = new RegressionDiagnosticsBuilder(rows.Take(1_000));
        foreach (var (actual, predicted) in rows)
            plots.Add(actual, predicted);
        return plots.Build();
    }

    [Fact]
    public void EveryRowIsCountedOnceInEachPlot()
    {
        var plots = Of(Rows(5_000));
        Assert.Equal(5_000, plots.PredictedAgainstActual.Counts.Sum() + plots.PredictedAgainstActual.Outside);
        Assert.Equal(5_000, plots.Errors.Counts.Sum() + plots.Errors.Below + plots.Errors.Above);
        Assert.Equal(5_000, plots.ByPrediction.Sum(bin => bin.Rows));
        Assert.InRange(plots.Errors.Below + plots.Errors.Above, 1, 200);
    }

    [Fact]
    public void AModelWithoutBiasIsCalibratedInNearlyEveryBin()
    {
        var bins = Of(Rows(20_000)).ByPrediction;
        Assert.Equal(20, bins.Count);
        Assert.InRange(bins.Count(Holds), 17, 20);
        Assert.All(bins, bin => Assert.InRange(bin.Errors[2], -0.2, 0.2));
        Assert.All(bins, bin => Assert.Equal(bin.Errors.Order(), bin.Errors));
    }

    [Fact]
    public void ABiasShowsInEveryBin()
    {
        var bins = Of(Rows(20_000, bias: 0.5)).ByPrediction;
        Assert.DoesNotContain(bins, Holds);
        Assert.All(bins, bin => Assert.InRange(bin.Errors[2], 0.3, 0.7));
    }

    [Fact]
    public void GridHasPredictionsAlongOneAxisAndActualValuesAlongTheOther()
    {
        var plots = new RegressionDiagnosticsBuilder([(0, 0), (48, 48)]);
        plots.Add(actual: 40.5, predicted: 3.5);
        var grid = plots.Build().PredictedAgainstActual;
        Assert.Equal((0, 48, 48), (grid.Low, grid.High, grid.Size));
        Assert.Equal((1, 0), (grid.At(predicted: 3, actual: 40), grid.At(predicted: 40, actual: 3)));
    }

    [Fact]
    public void EqualPredictionsAreOneBin()
    {
        var plots = new RegressionDiagnosticsBuilder(Enumerable.Repeat((5.0, 5.0), 100));
        for (var i = 0; i < 100; i++)
            plots.Add(5, 5);
        var built = plots.Build();
        Assert.Equal(100, Assert.Single(built.ByPrediction).Rows);
        Assert.Equal(100, built.Errors.Counts[RegressionDiagnosticsBuilder.ErrorBins / 2]);
    }

    [Fact]
    public void RowsThatAreNotFiniteAreLeftOut()
    {
        var plots = new RegressionDiagnosticsBuilder([(double.NaN, 1)]);
        plots.Add(double.NaN, 1);
        plots.Add(1, double.PositiveInfinity);
        var built = plots.Build();
        Assert.Empty(built.ByPrediction);
        Assert.Equal(0, built.PredictedAgainstActual.Counts.Sum());
    }

    private static bool Holds(PredictionBin bin) =>
        bin.Actual is { Low: MetricValue.Value { Number: var low }, High: MetricValue.Value { Number: var high } }
        && low <= bin.MeanPredicted && bin.MeanPredicted <= high;
}
