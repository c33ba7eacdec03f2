using Microsoft.ML;
using Microsoft.ML.Trainers;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using static MLBuild.Learning.Tests.Models.SampleFeatures;

namespace MLBuild.Learning.Tests.Models;

/// <summary>A team trains with any estimator of ML.NET, and its model is one as all others are.</summary>
public sealed class TrainingWithOnesOwnTrainer
{
    [Fact]
    public void ItsModelIsSavedLoadedAndScores()
    {
        var trained = ModelTraining.TrainWith(Trips(3_000), new Poisson());
        var model = Load(trained);
        Assert.Equal(new("Poisson", LearningTask.Regression, Schema, null, null), model.Schema);
        Assert.InRange(RootMeanSquaredError(model, Trips(1_000, seed: 2)), 0, 10);
        Assert.Equal(new TrainingSummary(3_000, 0, null), trained.Summary);
    }

    [Fact]
    public void EqualRowsGiveEqualBytes()
    {
        var first = ModelTraining.TrainWith(Trips(3_000), new Poisson()).CanonicalModel;
        ModelTraining.TrainWith(Trips(500, seed: 3), new Poisson { Seed = 7 });
        var again = ModelTraining.TrainWith(new InBatches(Trips(3_000), 999), new Poisson());
        Assert.Equal(first, again.CanonicalModel);
        Assert.NotEqual(
            first, ModelTraining.TrainWith(Trips(3_000), new Poisson { L2Regularization = 50 }).CanonicalModel);
    }

    [Fact]
    public void ItsOwnCheckOfItsHyperParametersIsAsked()
    {
        var error = Assert.Throws<ArgumentException>(
            () => ModelTraining.TrainWith(Trips(300), new Poisson { L2Regularization = -1 }));
        Assert.Equal("L2Regularization is -1, expected 0 or more.", error.Message);
    }

    [Fact]
    public void AChainWithoutScoresIsRefused()
    {
        var error = Assert.Throws<OwnTrainerException>(
            () => ModelTraining.TrainWith(Trips(300), new WithoutScores()));
        Assert.StartsWith("What trainer 'WithoutScores' gave does not load as a model of regression: ", error.Message);
        Assert.EndsWith(
            " Its chain must end in a column Score, one Single for each row, and consist of transforms that ML.NET "
            + "saves and loads.",
            error.Message);
    }

    [Fact]
    public void AScoreThatIsNoNumberOfOneRowIsRefused()
    {
        var error = Assert.Throws<OwnTrainerException>(
            () => ModelTraining.TrainWith(Trips(300), new ScoresOfManyColumns()));
        Assert.StartsWith("What trainer 'ScoresOfManyColumns' gave does not load as a model of regression: ", error.Message);
    }

    [Fact]
    public void ItNeedsAName()
    {
        var error = Assert.Throws<ArgumentException>(
            () => ModelTraining.TrainWith(Trips(300), new Poisson { Name = " " }));
        Assert.Equal("The trainer Poisson has no name.", error.Message);
    }

    [Fact]
    public void RowsAreCheckedAsForOthers()
    {
        var rows = Trips(300);
        rows.Read().Single().Labels[42] = double.NaN;
        Assert.Throws<TrainingDataException>(() => ModelTraining.TrainWith(rows, new Poisson()));
        Assert.Throws<TrainingDataException>(() => ModelTraining.TrainWith(Trips(0), new Poisson()));
    }

    /// <summary>Prices as a Poisson regression sees them.</summary>
    private sealed record Poisson : ITrainer
    {
        public string Name { get; init; } = "Poisson";

        public int Seed { get; init; } = 1;

        public float L2Regularization { get; init; } = 1;

        public void Validate()
        {
            if (!(L2Regularization >= 0))
                throw new ArgumentException(
                    FormattableString.Invariant($"L2Regularization is {L2Regularization}, expected 0 or more."));
        }

        public IEstimator<ITransformer> Chain(
            MLContext ml, FeatureSchema features, LearningTask task) =>
            ml.Transforms.ReplaceMissingValues("Filled", TrainingColumns.Features)
                .Append(ml.Transforms.NormalizeMinMax("Filled"))
                .Append(ml.Regression.Trainers.LbfgsPoissonRegression(new LbfgsPoissonRegressionTrainer.Options
                {
                    LabelColumnName = TrainingColumns.Label,
                    FeatureColumnName = "Filled",
                    L2Regularization = L2Regularization,
                    NumberOfThreads = 1,
                }));
    }

    private sealed record WithoutScores : ITrainer
    {
        public string Name => "WithoutScores";

        public int Seed => 1;

        public void Validate()
        {
        }

        public IEstimator<ITransformer> Chain(
            MLContext ml, FeatureSchema features, LearningTask task) =>
            ml.Transforms.NormalizeMinMax(TrainingColumns.Features);
    }

    private sealed record ScoresOfManyColumns : ITrainer
    {
        public string Name => "ScoresOfManyColumns";

        public int Seed => 1;

        public void Validate()
        {
        }

        public IEstimator<ITransformer> Chain(
            MLContext ml, FeatureSchema features, LearningTask task) =>
            ml.Transforms.CopyColumns("Score", TrainingColumns.Features);
    }
}
