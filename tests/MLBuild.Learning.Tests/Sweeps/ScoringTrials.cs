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

    [Theory]
    [InlineData(LearningTaskKind.Binary,
        new[] { "accuracy", "averagePrecision", "brier", "f1", "logLoss", "rocAuc" }, "logLoss", 0.40, 0.55)]
    [InlineData(LearningTaskKind.Multiclass, new[] { "accuracy", "logLoss", "macroF1" }, "logLoss", 0.5, 0.7)]
    [InlineData(LearningTaskKind.Binary,
        new[] { "accuracy", "averagePrecision", "brier", "f1", "logLoss", "rocAuc" }, "rocAuc", 0.8, 0.9)]
    [InlineData(LearningTaskKind.Multiclass, new[] { "accuracy", "logLoss", "macroF1" }, "macroF1", 0.7, 0.8)]
    public void ProbabilitiesAreMeasuredByTheMetricsOfTheirTask(
        LearningTaskKind kind, string[] names, string metric, double least, double most)
    {
        var task = SampleClasses.TaskOf(kind);
        var metrics = ModelTrials.For(task)(
            SampleClasses.Of(kind, 2_000).Rows, SampleClasses.Of(kind, 2_000, seed: 2).Rows,
            SampleFeatures.Quick(TrainerKind.Linear), CancellationToken.None);
        Assert.Equal(names, metrics.Keys);
        Assert.InRange(Assert.IsType<MetricValue.Value>(metrics[metric]).Number, least, most);
        Assert.All(names, name => Assert.Equal(name, ModelTrials.Metric(name, task).Name));
        Assert.All(names, name => Assert.Equal(
            name is "logLoss" or "brier" ? Direction.LowerIsBetter : Direction.HigherIsBetter,
            ModelTrials.Metric(name, task).Direction));
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
        Assert.Equal(
            "A sweep over models of binary (no, yes) has no metric 'rmse'. It can be ranked by logLoss, brier, rocAuc, "
            + "averagePrecision, accuracy or f1.",
            Assert.Throws<ArgumentException>(() => ModelTrials.Metric("rmse", SampleClasses.Binary)).Message);
    }
}
