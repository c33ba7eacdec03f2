using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using static MLBuild.Learning.Tests.Models.SampleClasses;
using static MLBuild.Learning.Tests.Models.SampleFeatures;

namespace MLBuild.Learning.Tests.Models;

/// <summary>Every trainer gives probabilities of two classes and of several: near the true ones, the same for the same
/// rows, and refused by name where there is nothing to learn.</summary>
public sealed class TrainingClassifiers
{
    public static TheoryData<TrainerKind, LearningTaskKind> Trainers
    {
        get
        {
            var cases = new TheoryData<TrainerKind, LearningTaskKind>();
            foreach (var trainer in Enum.GetValues<TrainerKind>())
            {
                cases.Add(trainer, LearningTaskKind.Binary);
                cases.Add(trainer, LearningTaskKind.Multiclass);
            }
            return cases;
        }
    }

    [Theory]
    // No model has a smaller log loss than the true probabilities; one that knows only how frequent classes are has
    // about 0.65 and 1.10.
    [InlineData(TrainerKind.LightGbm, LearningTaskKind.Binary, 0.03)]
    [InlineData(TrainerKind.FastTree, LearningTaskKind.Binary, 0.03)]
    [InlineData(TrainerKind.FastForest, LearningTaskKind.Binary, 0.04)]
    [InlineData(TrainerKind.Linear, LearningTaskKind.Binary, 0.02)]
    [InlineData(TrainerKind.LightGbm, LearningTaskKind.Multiclass, 0.03)]
    [InlineData(TrainerKind.FastTree, LearningTaskKind.Multiclass, 0.03)]
    [InlineData(TrainerKind.FastForest, LearningTaskKind.Multiclass, 0.05)]
    [InlineData(TrainerKind.Linear, LearningTaskKind.Multiclass, 0.02)]
    public void ProbabilitiesAreNearTheTrueOnes(TrainerKind trainer, LearningTaskKind kind, double mostLoss)
    {
        // Trees of a forest are not added up, so each has to tell all there is.
        var options = trainer == TrainerKind.FastForest ? Few(trainer) with { Leaves = 400 } : Few(trainer);
        var model = Load(ModelTraining.Train(Of(kind, 8_000).Rows, options, TaskOf(kind)));
        var unseen = Of(kind, 8_000, seed: 2);
        var scores = model.ScoreAllClasses(unseen.Rows).Select(InFull).ToArray();
        var (least, reached) = (LogLoss(unseen, unseen.Probabilities), LogLoss(unseen, scores));
        Assert.InRange(reached - least, -0.005, mostLoss);
        Assert.InRange(Right(unseen, scores), Right(unseen, unseen.Probabilities) - 0.02, 1);
        // Of the rows that a class is given to with about a probability, about such a share is of it.
        for (var label = 0; label < scores[0].Length; label++)
        {
            foreach (var bin in scores.Zip(unseen.Labels).GroupBy(row => (int)(row.First[label] * 5))
                .Where(rows => rows.Count() > 500))
                Assert.Equal(
                    bin.Average(row => row.Second == label ? 1.0 : 0), bin.Average(row => row.First[label]), 0.06);
        }
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void EqualRowsAndOptionsGiveEqualBytes(TrainerKind trainer, LearningTaskKind kind)
    {
        var rows = Of(kind, 2_000).Rows;
        var options = Few(trainer) with { Iterations = 5 };
        var first = ModelTraining.Train(rows, options, TaskOf(kind)).CanonicalModel;
        ModelTraining.Train(Trips(500, seed: 3), Few(trainer) with { Seed = 7 });
        Assert.Equal(first, ModelTraining.Train(new InBatches(rows, 999), options, TaskOf(kind)).CanonicalModel);
        Assert.NotEqual(first, ModelTraining.Train(Of(kind, 2_001).Rows, options, TaskOf(kind)).CanonicalModel);
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void TwoThreadsPredictWhatOneDoes(TrainerKind trainer, LearningTaskKind kind)
    {
        var rows = Of(kind, 3_000).Rows;
        var scores = new[] { 1, 2 }
            .Select(threads => Load(ModelTraining.Train(
                rows, Few(trainer) with { Iterations = 10, Threads = threads }, TaskOf(kind))))
            .Select(model => model.ScoreAllClasses(rows).ToArray()).ToArray();
        Assert.Equal(scores[0], scores[1]);
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void TheModelSaysWhatItPredicts(TrainerKind trainer, LearningTaskKind kind)
    {
        var trained = ModelTraining.Train(Of(kind, 400).Rows, Few(trainer) with { Iterations = 3 }, TaskOf(kind));
        var schema = Load(trained).Schema;
        Assert.Equal((TaskOf(kind), $"{trainer}"), (schema.Task, schema.Trainer));
        // One model of two classes, one for each of three.
        Assert.Equal(
            trainer == TrainerKind.Linear ? null : kind == LearningTaskKind.Binary ? 3 : 9, schema.Trees);
        Assert.Equal(400, trained.Summary.Rows);
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void NoProbabilityIsOnlySure(TrainerKind trainer, LearningTaskKind kind)
    {
        // Classes that x tells apart without any error.
        var rows = new FeaturesInMemory(
            SampleClasses.Schema, [.. Enumerable.Range(0, 900).SelectMany(i => new float[] { i / 300, 1, 1 })],
            [.. Enumerable.Range(0, 900).Select(i => kind == LearningTaskKind.Binary ? i / 300 % 2 : i / 300)]);
        var model = Load(ModelTraining.Train(rows, Few(trainer), TaskOf(kind)));
        var scores = model.ScoreAllClasses(rows).Select(InFull).ToArray();
        Assert.All(scores, row => Assert.Equal(1, row.Sum(), 1e-5));
        Assert.All(scores, row => Assert.All(row, score => Assert.InRange(score, double.Epsilon, 1)));
        if (trainer != TrainerKind.Linear || kind == LearningTaskKind.Multiclass)
            Assert.All(scores.Zip(rows.Read().Single().Labels), row =>
                Assert.InRange(row.First[(int)row.Second], 0.7, 1));
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void CancellingStops(TrainerKind trainer, LearningTaskKind kind)
    {
        using var cancel = new CancellationTokenSource();
        var source = new CancelsAfterARead(Of(kind, 300).Rows, cancel);
        Assert.ThrowsAny<OperationCanceledException>(
            () => ModelTraining.Train(source, Few(trainer), TaskOf(kind), cancellation: cancel.Token));
    }

    [Fact]
    public void AClassThatIsNeverSeenIsNamed()
    {
        var rows = Gaussians(300);
        Array.ForEach(rows.Labels, label => Assert.InRange(label, 0, 2));
        for (var i = 0; i < 300; i++)
            rows.Labels[i] = 1;
        Assert.Equal(
            "Of 300 training rows none is 'low' (label 0) or 'up' (label 2): what was never seen cannot be learned. "
            + "Give the training such rows, or leave the class out of the task.",
            Assert.Throws<TrainingDataException>(
                () => ModelTraining.Train(rows.Rows, Few(TrainerKind.LightGbm), Multiclass)).Message);
        Assert.Equal(
            "Of 300 training rows none is 'no' (label 0): what was never seen cannot be learned. "
            + "Give the training such rows, or leave the class out of the task.",
            Assert.Throws<TrainingDataException>(
                () => ModelTraining.Train(rows.Rows, Few(TrainerKind.Linear), Binary)).Message);
    }

    [Theory]
    [InlineData(2, "2")]
    [InlineData(-1, "-1")]
    [InlineData(0.5, "0.5")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void ALabelThatIsNoClassIsNamed(double label, string shown)
    {
        var rows = Logistic(300);
        rows.Labels[42] = label;
        Assert.Equal(
            $"Feature row 42 (the first is 0) has the label {shown}, expected 0 (no) or 1 (yes). Compute the features "
            + "by a definition whose Task has these classes.",
            Assert.Throws<TrainingDataException>(
                () => ModelTraining.Train(rows.Rows, Few(TrainerKind.FastTree), Binary)).Message);
    }

    [Fact]
    public void SoItIsAmongTheRowsToStopBy()
    {
        var others = Gaussians(300);
        others.Labels[7] = 3;
        Assert.Equal(
            "Feature row 7 (the first is 0) has the label 3, expected 0 (low), 1 (right) or 2 (up). Compute the "
            + "features by a definition whose Task has these classes.",
            Assert.Throws<TrainingDataException>(() => ModelTraining.Train(
                Gaussians(300).Rows, Few(TrainerKind.LightGbm) with { EarlyStoppingRounds = 5 }, Multiclass,
                others.Rows)).Message);
    }

    [Theory]
    [InlineData(LearningTaskKind.Binary)]
    [InlineData(LearningTaskKind.Multiclass)]
    public void TrainingStopsByTheLogLossOfTheModel(LearningTaskKind kind)
    {
        var (rows, others) = (Of(kind, 3_000), Of(kind, 2_000, seed: 2));
        var options = Few(TrainerKind.LightGbm) with { Iterations = 300, EarlyStoppingRounds = 10 };
        var trained = ModelTraining.Train(rows.Rows, options, TaskOf(kind), others.Rows);
        var (course, model) = (trained.Summary.Course!, Load(trained));
        Assert.Equal(TrainingLoss.LogLoss, course.Loss);
        Assert.InRange(course.Iterations, 5, 200);
        Assert.Equal(course.Iterations + 10, course.Losses[^1].Iteration);
        Assert.Equal(course.Iterations, course.Losses.MinBy(loss => loss.Validation)!.Iteration);
        var best = course.Losses.Single(loss => loss.Iteration == course.Iterations);
        // Models score in single precision.
        Assert.Equal(LogLoss(rows, [.. model.ScoreAllClasses(rows.Rows).Select(InFull)]), best.Train, 1e-5);
        Assert.Equal(
            LogLoss(others, [.. model.ScoreAllClasses(others.Rows).Select(InFull)]), best.Validation!.Value, 1e-5);
    }

    [Theory]
    [InlineData(LearningTaskKind.Binary)]
    [InlineData(LearningTaskKind.Multiclass)]
    public void RowsThatTellNothingGiveTheSharesOfTheClasses(LearningTaskKind kind)
    {
        // 10 of class 0, 20 of class 1 and, with three, 30 of class 2.
        var count = kind == LearningTaskKind.Binary ? 30 : 60;
        var labels = Enumerable.Range(0, count).Select(i => i < 10 ? 0.0 : i < 30 ? 1 : 2).ToArray();
        var rows = new FeaturesInMemory(SampleClasses.Schema, new float[count * 3], labels);
        var trained = ModelTraining.Train(rows, Few(TrainerKind.LightGbm), TaskOf(kind));
        var scores = new float[TaskOf(kind).ScoreCount];
        Load(trained).Score([1, 2, 3], scores);
        double[] expected = kind == LearningTaskKind.Binary ? [1 / 3.0, 2 / 3.0] : [1 / 6.0, 2 / 6.0, 3 / 6.0];
        Assert.All(InFull(scores).Zip(expected), share => Assert.Equal(share.Second, share.First, 1e-6));
    }

    private static TrainingOptions Few(TrainerKind trainer) =>
        new() { Trainer = trainer, Iterations = 60, Leaves = 6, Bins = 255 };

    // Of two classes a model says one.
    private static double[] InFull(float[] scores) =>
        scores is [var yes] ? [1 - (double)yes, yes] : Array.ConvertAll(scores, score => (double)score);

    private static double LogLoss(Sample sample, double[][] scores) =>
        sample.Labels.Zip(scores).Average(row => -Math.Log(row.Second[(int)row.First]));

    private static double Right(Sample sample, double[][] scores) =>
        sample.Labels.Zip(scores).Average(
            row => row.Second.Index().MaxBy(one => one.Item).Index == row.First ? 1.0 : 0);

    private sealed class CancelsAfterARead(FeaturesInMemory rows, CancellationTokenSource cancel) : IFeatureSource
    {
        public FeatureSchema Schema => rows.Schema;

        public long RowCount => rows.RowCount;

        public IEnumerable<FeatureBatch> Read()
        {
            foreach (var batch in rows.Read())
                yield return batch;
            cancel.Cancel();
        }
    }
}
