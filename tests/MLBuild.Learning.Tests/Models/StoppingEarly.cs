using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using static MLBuild.Learning.Tests.Models.SampleFeatures;

namespace MLBuild.Learning.Tests.Models;

/// <summary>Training tells each iteration's loss, and stops where other rows say that it only learns by
/// heart.</summary>
public sealed class StoppingEarly
{
    private static readonly TrainingOptions Options =
        Quick(TrainerKind.LightGbm) with { Iterations = 400, EarlyStoppingRounds = 10 };

    [Fact]
    public void NoiseIsNotLearnedByHeart()
    {
        var trained = ModelTraining.Train(Noise(2_000, seed: 1), Options, Noise(1_000, seed: 2));
        var course = trained.Summary.Course!;
        Assert.InRange(course.Iterations, 1, 100);
        Assert.Equal(course.Iterations + 10, course.Losses[^1].Iteration);
        Assert.Equal(course.Iterations, course.Losses.MinBy(loss => loss.Validation)!.Iteration);
        Assert.Equal(course.Iterations, Load(trained).Schema.Trees);
        Assert.Equal((2_000, 1_000), (trained.Summary.Rows, trained.Summary.ValidationRows));
    }

    [Fact]
    public void TheModelIsThatOfTheBestIteration()
    {
        var (rows, others) = (Noise(2_000, seed: 1), Noise(1_000, seed: 2));
        var stopped = ModelTraining.Train(rows, Options, others);
        var best = stopped.Summary.Course!.Iterations;
        var grown = ModelTraining.Train(rows, Options with { Iterations = best, EarlyStoppingRounds = null });
        Assert.Equal(grown.CanonicalModel, stopped.CanonicalModel);
    }

    [Fact]
    public void LossesAreThoseOfTheModel()
    {
        var (rows, others) = (Trips(3_000), Trips(1_000, seed: 2));
        var trained = ModelTraining.Train(rows, Options with { Iterations = 40 }, others);
        var last = trained.Summary.Course!.Losses.Single(loss => loss.Iteration == Load(trained).Schema.Trees);
        // Models score in single precision.
        Assert.Equal(RootMeanSquaredError(Load(trained), rows), last.Train, tolerance: 1e-4);
        Assert.Equal(RootMeanSquaredError(Load(trained), others), last.Validation!.Value, tolerance: 1e-4);
    }

    [Fact]
    public void ValidationRowsAreNotLearnedFrom()
    {
        var rows = Trips(2_000);
        var one = ModelTraining.Train(rows, Options with { Iterations = 5 }, Trips(500, seed: 2));
        var other = ModelTraining.Train(rows, Options with { Iterations = 5 }, Trips(700, seed: 3));
        Assert.Equal(5, one.Summary.Course!.Iterations);
        Assert.Equal(one.CanonicalModel, other.CanonicalModel);
    }

    [Fact]
    public void EqualRowsStopAtTheSameIteration()
    {
        var trained = Enumerable.Range(0, 2)
            .Select(_ => ModelTraining.Train(Noise(2_000, seed: 1), Options, Noise(1_000, seed: 2))).ToArray();
        Assert.Equal(trained[0].CanonicalModel, trained[1].CanonicalModel);
        Assert.Equal(trained[0].Summary.Course!.Losses, trained[1].Summary.Course!.Losses);
    }

    [Fact]
    public void EachIterationIsToldAsItIsDone()
    {
        var told = new List<IterationLoss>();
        var options = Options with { Iterations = 200, EarlyStoppingRounds = null };
        var trained = ModelTraining.Train(Trips(1_000), options, progress: told.Add);
        Assert.Equal(Enumerable.Range(1, 200), told.Select(loss => loss.Iteration));
        Assert.All(told, loss => Assert.Null(loss.Validation));
        Assert.True(told[^1].Train < told[0].Train);
        // The record keeps some of them.
        var kept = trained.Summary.Course!.Losses;
        Assert.Equal(200, trained.Summary.Course.Iterations);
        Assert.Equal([.. Enumerable.Range(0, 50).Select(i => 1 + (4 * i)), 200], kept.Select(loss => loss.Iteration));
        Assert.Subset(told.ToHashSet(), kept.ToHashSet());
    }

    [Fact]
    public void RowsThatNothingCanBeLearnedFromGiveTheirMean()
    {
        var rows = new FeaturesInMemory(Schema, new float[30 * Schema.Width], [.. Enumerable.Repeat(7.0, 30)]);
        var trained = ModelTraining.Train(rows, Options, rows);
        Assert.Equal(7, Load(trained).Score([1, 2, 3]));
        Assert.Equal(new(1, 0), (trained.Summary.Course!.Iterations, trained.Summary.Course.Losses.Count));
    }

    [Fact]
    public void ItNeedsOtherRows()
    {
        var error = Assert.Throws<ArgumentException>(() => ModelTraining.Train(Trips(300), Options));
        Assert.Equal("Early stopping needs validation rows, and there are none.", error.Message);
        var none = Assert.Throws<TrainingDataException>(
            () => ModelTraining.Train(Trips(300), Options, Trips(0)));
        Assert.Equal("There are no feature rows to stop by.", none.Message);
    }

    [Theory]
    [InlineData(TrainerKind.FastTree)]
    [InlineData(TrainerKind.FastForest)]
    [InlineData(TrainerKind.Linear)]
    public void OnlyLightGbmDoes(TrainerKind trainer)
    {
        var error = Assert.Throws<ArgumentException>(
            () => ModelTraining.Train(Trips(300), Options with { Trainer = trainer }, Trips(100)));
        Assert.Equal(
            $"Training cannot start: EarlyStoppingRounds is 10, expected none with {trainer}: "
            + "only LightGbm stops early.",
            error.Message);
    }

    [Fact]
    public void TrainingsSideBySideGiveWhatEachGivesAlone()
    {
        var rows = Trips(3_000);
        var options = Enumerable.Range(0, 12)
            .Select(i => Options with
            {
                Iterations = 20,
                EarlyStoppingRounds = null,
                Leaves = 4 + i,
                Seed = i,
                Threads = i % 6 == 5 ? 2 : 1,
            }).ToArray();
        var alone = options.Select(each => ModelTraining.Train(rows, each).CanonicalModel).ToArray();
        var together = new byte[options.Length][];
        Parallel.For(0, options.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            i => together[i] = ModelTraining.Train(rows, options[i]).CanonicalModel);
        Assert.Equal(alone, together);
    }

    // Labels that have nothing to do with features, but for a trace of the miles.
    private static FeaturesInMemory Noise(int count, int seed)
    {
        var random = new Random(seed);
        var rows = Trips(count, seed).Read().Single();
        var labels = rows.Labels.Select(label => label + (100 * random.NextDouble())).ToArray();
        return new(Schema, rows.Values, labels);
    }
}
