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
        Assert.Equal(["mae", "r2", "rmse", "within-10-percent"], metrics.Keys);
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

    [Theory]
    [InlineData(LearningTaskKind.Binary, "log-loss", Direction.LowerIsBetter, 0.40, 0.55)]
    [InlineData(LearningTaskKind.Binary, "roc-auc", Direction.HigherIsBetter, 0.8, 0.9)]
    [InlineData(LearningTaskKind.Binary, "average-precision", Direction.HigherIsBetter, 0.7, 0.9)]
    [InlineData(LearningTaskKind.Binary, "brier", Direction.LowerIsBetter, 0.12, 0.18)]
    [InlineData(LearningTaskKind.Multiclass, "log-loss", Direction.LowerIsBetter, 0.5, 0.7)]
    [InlineData(LearningTaskKind.Multiclass, "accuracy", Direction.HigherIsBetter, 0.7, 0.8)]
    [InlineData(LearningTaskKind.Multiclass, "macro-f1", Direction.HigherIsBetter, 0.7, 0.8)]
    public void ProbabilitiesAreMeasuredByTheMetricsOfTheirTask(
        LearningTaskKind kind, string name, Direction direction, double least, double most)
    {
        var task = SampleClasses.TaskOf(kind);
        var metrics = ModelTrials.For(task)(
            SampleClasses.Of(kind, 2_000).Rows, SampleClasses.Of(kind, 2_000, seed: 2).Rows,
            SampleFeatures.Quick(TrainerKind.Linear), CancellationToken.None);
        Assert.InRange(Assert.IsType<MetricValue.Value>(metrics[name]).Number, least, most);
        Assert.Equal(new(name, direction), ModelTrials.Metric(name, task));
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
        Assert.Equal(
            "A sweep over models of regression has no metric 'RMSE'. It can be ranked by rmse, mae, r2 or "
            + "within-10-percent.",
            Assert.Throws<ArgumentException>(() => ModelTrials.Metric("RMSE")).Message);
        Assert.Equal(
            "A sweep over models of binary (no, yes) has no metric 'rmse'. It can be ranked by log-loss, roc-auc, "
            + "average-precision, calibration-error, precision, recall, f1, accuracy, brier or sure-and-wrong.",
            Assert.Throws<ArgumentException>(() => ModelTrials.Metric("rmse", SampleClasses.Binary)).Message);
    }
}
