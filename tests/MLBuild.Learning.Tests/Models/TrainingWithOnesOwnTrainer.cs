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
        Assert.StartsWith(
            "What trainer 'ScoresOfManyColumns' gave does not load as a model of regression: ", error.Message);
    }

    [Theory]
    [InlineData(LearningTaskKind.Binary)]
    [InlineData(LearningTaskKind.Multiclass)]
    public void ItTrainsForEachTask(LearningTaskKind kind)
    {
        var task = SampleClasses.TaskOf(kind);
        var rows = SampleClasses.Of(kind, 2_000).Rows;
        var trained = ModelTraining.TrainWith(rows, new Bayes(), task);
        Assert.Equal(trained.CanonicalModel, ModelTraining.TrainWith(rows, new Bayes(), task).CanonicalModel);
        var model = Load(trained);
        Assert.Equal(new("Bayes", task, SampleClasses.Schema, null, null), model.Schema);
        var unseen = SampleClasses.Of(kind, 2_000, seed: 2);
        var right = model.ScoreAllClasses(unseen.Rows).Zip(unseen.Labels).Average(row =>
            (row.First is [var yes] ? yes > 0.5 ? 1 : 0 : row.First.Index().MaxBy(one => one.Item).Index) == row.Second
                ? 1.0 : 0);
        Assert.InRange(right, 0.70, 0.85);
    }

    [Theory]
    [InlineData(LearningTaskKind.Binary, "a column Probability, one Single for each row")]
    [InlineData(LearningTaskKind.Multiclass, "a column Score, a vector of 3 Singles for each row")]
    public void AChainMustEndAsTheTaskDemands(LearningTaskKind kind, string expected)
    {
        var task = SampleClasses.TaskOf(kind);
        var error = Assert.Throws<OwnTrainerException>(
            () => ModelTraining.TrainWith(SampleClasses.Of(kind, 300).Rows, new WithoutScores(), task));
        Assert.StartsWith($"What trainer 'WithoutScores' gave does not load as a model of {task}: ", error.Message);
        Assert.EndsWith(
            $" Its chain must end in {expected}, and consist of transforms that ML.NET saves and loads.",
            error.Message);
    }

    [Theory]
    [InlineData(LearningTaskKind.Binary, "a probability, 0..1")]
    [InlineData(LearningTaskKind.Multiclass, "probabilities, 0..1, that add up to 1")]
    public void WhatIsNoProbabilityIsRefused(LearningTaskKind kind, string expected)
    {
        var error = Assert.Throws<OwnTrainerException>(() => ModelTraining.TrainWith(
            SampleClasses.Of(kind, 300).Rows, new Raw(), SampleClasses.TaskOf(kind)));
        Assert.StartsWith("What trainer 'Raw' gave scores feature row ", error.Message);
        Assert.EndsWith($", expected {expected}. Let its chain calibrate what it predicts.", error.Message);
    }

    [Fact]
    public void AScoreOfFewerClassesIsRefused()
    {
        var rows = SampleClasses.Gaussians(300);
        rows.Labels[0] = 3;
        var error = Assert.Throws<OwnTrainerException>(() => ModelTraining.TrainWith(
            rows.Rows, new ScoresOfManyColumns(), LearningTask.Multiclass("low", "right", "up", "far")));
        Assert.Equal(
            "What trainer 'ScoresOfManyColumns' gave does not load as a model of multiclass (low, right, up, far): The "
            + "model has 3 scores a row, expected 4. Its chain must end in a column Score, a vector of 4 Singles for "
            + "each row, and consist of transforms that ML.NET saves and loads.",
            error.Message);
    }

    // A lambda of the build is in no file; one with the name of a contract is saved as that name, and whoever loads the
    // model looks for the code.
    [Theory]
    [InlineData(null, "cannot be saved: Empty contract name for a transform: the transform cannot be saved. ")]
    [InlineData("nobody has it", "does not load as a model of regression: ")]
    public void CodeThatAServerWouldNotHaveIsRefused(string? contract, string fault)
    {
        var error = Assert.Throws<OwnTrainerException>(
            () => ModelTraining.TrainWith(Trips(300), new Lambda(contract)));
        Assert.StartsWith($"What trainer 'Lambda' gave {fault}", error.Message);
        Assert.EndsWith("consist of transforms that ML.NET saves and loads.", error.Message);
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

    /// <summary>Whatever ML.NET has that learns in a moment.</summary>
    private sealed record Bayes : ITrainer
    {
        public string Name => "Bayes";

        public int Seed => 1;

        public void Validate()
        {
        }

        public IEstimator<ITransformer> Chain(MLContext ml, FeatureSchema features, LearningTask task)
        {
            var filled = ml.Transforms.ReplaceMissingValues("Filled", TrainingColumns.Features);
            return task.Kind == LearningTaskKind.Binary
                ? filled.Append(ml.BinaryClassification.Trainers.LbfgsLogisticRegression(
                    new LbfgsLogisticRegressionBinaryTrainer.Options
                    {
                        FeatureColumnName = "Filled",
                        NumberOfThreads = 1,
                    }))
                : filled.Append(ml.MulticlassClassification.Trainers.OneVersusAll(
                    ml.BinaryClassification.Trainers.LbfgsLogisticRegression(
                        new LbfgsLogisticRegressionBinaryTrainer.Options
                        {
                            FeatureColumnName = "Filled",
                            NumberOfThreads = 1,
                        })));
        }
    }

    private sealed record Raw : ITrainer
    {
        public string Name => "Raw";

        public int Seed => 1;

        public void Validate()
        {
        }

        public IEstimator<ITransformer> Chain(MLContext ml, FeatureSchema features, LearningTask task) =>
            task.Kind == LearningTaskKind.Binary
                ? new Bayes().Chain(ml, features, task)
                    .Append(ml.Transforms.CopyColumns(TrainingColumns.Probability, TrainingColumns.Score))
                : ml.Transforms.CopyColumns(TrainingColumns.Score, TrainingColumns.Features);
    }

    private sealed record Lambda(string? Contract) : ITrainer
    {
        public string Name => "Lambda";

        public int Seed => 1;

        public void Validate()
        {
        }

        public IEstimator<ITransformer> Chain(MLContext ml, FeatureSchema features, LearningTask task) =>
            ml.Transforms.CustomMapping<Labelled, Scored>((row, scored) => scored.Score = row.Label, Contract);
    }

    private sealed class Labelled
    {
        public float Label { get; set; }
    }

    private sealed class Scored
    {
        public float Score { get; set; }
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
