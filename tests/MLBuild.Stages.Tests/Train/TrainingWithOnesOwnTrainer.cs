using Microsoft.ML;
using Microsoft.ML.Trainers;
using MLBuild.Learning.Features;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Train;

namespace MLBuild.Stages.Tests.Train;

/// <summary>A trainer that a team writes goes through the stages as ours do.</summary>
public sealed class TrainingWithOnesOwnTrainer : IDisposable
{
    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task ItsModelIsRecordedEvaluatedAndScores()
    {
        _space.Write("a.csv", Sales.Csv(1_500, seed: 1));
        var build = Build(_space, new());
        await build.Done("Evaluate");
        var report = ReportFile.Read<TrainReport>(_space.Output("Train", TrainStage.Report));
        Assert.Null(report.Options);
        Assert.Equal(
            new Dictionary<string, string> { ["Name"] = "Poisson", ["Seed"] = "1", ["L2Regularization"] = "0.5" },
            report.OwnOptions);
        Assert.Equal(report.Split!.TrainRows, report.Rows);
        using var file = File.OpenRead(_space.Output("Train", TrainStage.Model));
        var model = ScoringModel.Load(file);
        Assert.Equal("Poisson", model.Schema.Trainer);
        // A flat of 80 square metres costs some 2 × 80 + 10 × 3.
        Assert.InRange(model.Score([80, 3, 4]), 150, 280);
        var evaluation = ReportFile.Read<EvaluateReport>(_space.Output("Evaluate", EvaluateStage.Report));
        Assert.InRange(((MetricValue.Value)evaluation.Overall.Metrics.Of("rmse")).Number, 0, 40);
    }

    [Fact]
    public async Task EqualInputsGiveEqualBytes()
    {
        using var other = new PipelineSpace();
        foreach (var space in new[] { _space, other })
        {
            space.Write("a.csv", Sales.Csv(600, seed: 1));
            await Build(space, new()).Done("Train");
        }
        Assert.All(TrainStage.Outputs, output =>
            Assert.Equal(_space.Bytes("Train", output), other.Bytes("Train", output)));
    }

    private static SaleBuild Build(PipelineSpace space, Poisson trainer) => new(space)
    {
        Trains = (run, _) => TrainStage.RunWith(run, trainer),
    };

    /// <summary>Prices as a Poisson regression sees them.</summary>
    private sealed record Poisson : ITrainer
    {
        public string Name => "Poisson";

        public int Seed { get; init; } = 1;

        public double L2Regularization { get; init; } = 0.5;

        public void Validate()
        {
        }

        public IEstimator<ITransformer> Chain(
            MLContext ml, FeatureSchema features, LearningTask task) =>
            ml.Transforms.ReplaceMissingValues("Filled", TrainingColumns.Features)
                .Append(ml.Transforms.NormalizeMinMax("Filled"))
                .Append(ml.Regression.Trainers.LbfgsPoissonRegression(new LbfgsPoissonRegressionTrainer.Options
                {
                    LabelColumnName = TrainingColumns.Label,
                    FeatureColumnName = "Filled",
                    L2Regularization = (float)L2Regularization,
                    NumberOfThreads = 1,
                }));
    }
}
