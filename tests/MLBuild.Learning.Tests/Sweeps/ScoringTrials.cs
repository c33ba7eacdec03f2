using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Sweeps;
using MLBuild.Learning.Tests.Models;

namespace MLBuild.Learning.Tests.Sweeps;

/// <summary>What a sweep asks of options: a model of some rows, measured on others.</summary>
public sealed class ScoringTrials
{
    [Fact]
    public void TheScoreIsThatOfAModelOfTheTrainingRows()
    {
        var (training, scored) = (SampleFeatures.Trips(2_000), SampleFeatures.Trips(500, seed: 2));
        var options = SampleFeatures.Quick(TrainerKind.FastTree);
        var metrics = ModelTrials.Score(training, scored, options, CancellationToken.None);
        var model = SampleFeatures.Load(ModelTraining.Train(training, options));
        var rmse = Assert.IsType<MetricValue.Value>(metrics["rmse"]).Number;
        Assert.Equal(SampleFeatures.RootMeanSquaredError(model, scored), rmse, tolerance: 1e-9);
        Assert.InRange(rmse, 0.01, 3);
        Assert.Equal(["mae", "r2", "rmse"], metrics.Keys);
    }

    [Fact]
    public void RowsInBatchesScoreTheSame()
    {
        var (training, scored) = (SampleFeatures.Trips(600), SampleFeatures.Trips(100, seed: 2));
        var options = SampleFeatures.Quick(TrainerKind.FastTree);
        Assert.Equal(
            ModelTrials.Score(training, scored, options, CancellationToken.None),
            ModelTrials.Score(training, new SampleFeatures.InBatches(scored, 7), options, CancellationToken.None));
    }

    [Fact]
    public void ALabelThatIsNotFiniteLeavesNoScore()
    {
        var scored = new FeaturesInMemory(SampleFeatures.Schema, [1, 2, 3, 4, 5, 6], [7, double.NaN]);
        var metrics = ModelTrials.Score(SampleFeatures.Trips(200), scored,
            SampleFeatures.Quick(TrainerKind.FastTree), CancellationToken.None);
        Assert.All(metrics.Values, metric =>
            Assert.Equal(new MetricValue.Missing("1 of 2 rows have a value that is not finite"), metric));
    }

    [Fact]
    public void NoPointStopsEarly() => Assert.Equal(
        "EarlyStoppingRounds is 20, and a sweep grows all trees of a point: it has no rows to stop by but those that " +
        "it scores. Leave it out; Iterations can be one of the ranges.",
        Assert.Throws<ArgumentException>(() => ModelTrials.Score(
            SampleFeatures.Trips(10), SampleFeatures.Trips(10), new() { EarlyStoppingRounds = 20 },
            CancellationToken.None)).Message);

    [Fact]
    public void MetricsHaveDirections()
    {
        Assert.Equal(new("rmse", Direction.LowerIsBetter), ModelTrials.Metric("rmse"));
        Assert.Equal(new("mae", Direction.LowerIsBetter), ModelTrials.Metric("mae"));
        Assert.Equal(new("r2", Direction.HigherIsBetter), ModelTrials.Metric("r2"));
        Assert.Equal("A sweep over models of regression has no metric 'RMSE'. It can be ranked by rmse, mae or r2.",
            Assert.Throws<ArgumentException>(() => ModelTrials.Metric("RMSE")).Message);
    }
}
