using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using static MLBuild.Learning.Tests.Models.SampleFeatures;

namespace MLBuild.Learning.Tests.Models;

/// <summary>Training is a pure function: the same rows and options give the same bytes, and what cannot be learned from
/// is refused by name.</summary>
public sealed class TrainingRegressions
{
    public static TheoryData<TrainerKind> Trainers => [.. Enum.GetValues<TrainerKind>()];

    [Theory]
    // The labels' standard deviation, which a constant would miss by, is about 13.
    [InlineData(TrainerKind.LightGbm, 1.0)]
    [InlineData(TrainerKind.FastTree, 1.0)]
    [InlineData(TrainerKind.FastForest, 2.6)]
    [InlineData(TrainerKind.Linear, 1.0)]
    public void KnownPricesAreLearnedAlsoWhereValuesAreAbsent(TrainerKind trainer, double mostError)
    {
        var model = Load(ModelTraining.Train(Trips(5_000), Quick(trainer)));
        var unseen = Trips(1_000, seed: 2);
        Assert.InRange(RootMeanSquaredError(model, unseen), 0, mostError);
        Assert.Equal(40, model.Score([float.NaN, 12, 3]), tolerance: 2 * mostError);
        Assert.Equal(25, model.Score([6, 12, 7]) + 0.0, tolerance: 2 * mostError);
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void EqualRowsAndOptionsGiveEqualBytes(TrainerKind trainer)
    {
        // More than 65,536 rows, from where on intervals are cut from a random sample; and other work before the second
        // time.
        var rows = Trips(70_000);
        var options = Quick(trainer) with { Iterations = 5 };
        var first = ModelTraining.Train(rows, options).CanonicalModel;
        ModelTraining.Train(Trips(500, seed: 3), Quick(trainer) with { Seed = 7 });
        Assert.Equal(first, ModelTraining.Train(new InBatches(rows, 999), options).CanonicalModel);
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void OneLabelMoreMakesOtherBytes(TrainerKind trainer)
    {
        var options = Quick(trainer);
        Assert.NotEqual(
            ModelTraining.Train(Trips(500), options).CanonicalModel,
            ModelTraining.Train(Trips(501), options).CanonicalModel);
    }

    [Theory]
    [InlineData(FeatureKind.Numeric)]
    [InlineData(FeatureKind.Categorical)]
    public void ALinearModelTakesFeaturesOfOneKindOnly(FeatureKind kind)
    {
        var values = Enumerable.Range(0, 300).Select(i => (float)(i % 3)).ToArray();
        var rows = new FeaturesInMemory(new([new("x", kind)]), values, [.. values.Select(x => 5.0 * x)]);
        var model = Load(ModelTraining.Train(rows, Quick(TrainerKind.Linear)));
        Assert.Equal(10, model.Score([2]), tolerance: 0.2);
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void AFeatureThatIsAlwaysAbsentDoesNoHarm(TrainerKind trainer)
    {
        var values = Enumerable.Range(0, 600).Select(i => i % 2 == 0 ? i % 3 : float.NaN).ToArray();
        var labels = Enumerable.Range(0, 300).Select(i => 5.0 * values[2 * i]).ToArray();
        var schema = new FeatureSchema([new("x", FeatureKind.Numeric), new("y", FeatureKind.Numeric)]);
        var rows = new FeaturesInMemory(schema, values, labels);
        var model = Load(ModelTraining.Train(rows, Quick(trainer)));
        Assert.Equal(10, model.Score([2, float.NaN]), tolerance: 0.2);
    }

    [Fact]
    public void TheSummarySaysOnHowManyRows() => Assert.Equal(
        new TrainingSummary(200, 0, null),
        ModelTraining.Train(Trips(200), Quick(TrainerKind.FastTree)).Summary);

    [Theory]
    [InlineData(TrainerKind.LightGbm)]
    [InlineData(TrainerKind.FastTree)]
    [InlineData(TrainerKind.FastForest)]
    public void TwoThreadsPredictWhatOneDoes(TrainerKind trainer)
    {
        var rows = Trips(20_000);
        var scores = new[] { 1, 2 }
            .Select(threads => Load(ModelTraining.Train(rows, Quick(trainer) with { Threads = threads })))
            .Select(model => model.ScoreAll(rows).ToArray()).ToArray();
        Assert.Equal(scores[0], scores[1]);
    }

    [Fact]
    public void NoRowsAreRefused()
    {
        var error = Assert.Throws<TrainingDataException>(() => ModelTraining.Train(Trips(0), new()));
        Assert.Equal("There are no feature rows to train on.", error.Message);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    [InlineData(1e300, "Infinity")]
    public void ALabelThatIsNoNumberIsNamed(double label, string shown)
    {
        var rows = Trips(300);
        rows.Read().Single().Labels[42] = label;
        var error = Assert.Throws<TrainingDataException>(
            () => ModelTraining.Train(rows, Quick(TrainerKind.LightGbm)));
        Assert.Equal(
            $"Feature row 42 (the first is 0) has the label {shown}; a label is a finite number. "
            + "Clean such rows away before training.",
            error.Message);
    }

    [Fact]
    public void AnInfiniteFeatureIsNamed()
    {
        var rows = Trips(300);
        rows.Read().Single().Values[42 * Schema.Width + 1] = float.PositiveInfinity;
        var error = Assert.Throws<TrainingDataException>(
            () => ModelTraining.Train(rows, Quick(TrainerKind.LightGbm)));
        Assert.Equal(
            "Feature 'hour' of row 42 (the first is 0) is infinite; a feature is a finite number, or absent. "
            + "Let it return null there.",
            error.Message);
    }

    [Fact]
    public void ASourceThatEndsEarlyIsRefused()
    {
        var error = Assert.Throws<TrainingDataException>(
            () => ModelTraining.Train(new Short(Trips(300)), Quick(TrainerKind.LightGbm)));
        Assert.Equal("The features promised 301 rows and gave 300. Compute them again.", error.Message);
    }

    [Fact]
    public void ArraysThatDoNotFitEachOtherAreRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new FeaturesInMemory(Schema, new float[7], new double[2]));
        Assert.Equal("2 labels and 3 features need 6 values, not 7.", error.Message);
    }

    [Fact]
    public void AllOptionsOutOfRangeAreNamedAtOnce()
    {
        var options = new TrainingOptions
        {
            Trainer = (TrainerKind)9,
            Iterations = 0,
            Leaves = 1,
            LearningRate = double.NaN,
            MinRowsPerLeaf = -1,
            Bins = 70_000,
            Threads = 0,
            EarlyStoppingRounds = 0,
            ValidationShare = 0.6,
        };
        var error = Assert.Throws<ArgumentException>(() => ModelTraining.Train(Trips(10), options));
        Assert.Equal(
            "Training cannot start: Trainer is 9, expected one of LightGbm, FastTree, FastForest, "
            + "Linear; "
            + "Iterations is 0, expected 1 to 10000; Leaves is 1, expected 2 to 4096; "
            + "LearningRate is NaN, expected above 0, up to 1; "
            + "MinRowsPerLeaf is -1, expected 1 to 1000000; Bins is 70000, expected 2 to 32767; "
            + "ValidationShare is 0.6, expected above 0, up to 0.5; EarlyStoppingRounds is 0, expected 1 to 10000; "
            + "EarlyStoppingRounds is 0, expected none with 9: only LightGbm stops early; "
            + "Threads is 0, expected 1 to 256.",
            error.Message);
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void CancellingStopsWhereverItComes(TrainerKind trainer)
    {
        var counting = new CancelsAfter(Trips(300), passes: int.MaxValue, new());
        ModelTraining.Train(counting, Quick(trainer));

        // After the first pass the data is still being read; after the last one only the trainer is left to notice.
        foreach (var passes in new[] { 0, 1, counting.Passes })
        {
            using var cancel = new CancellationTokenSource();
            var source = new CancelsAfter(Trips(300), passes, cancel);
            Assert.ThrowsAny<OperationCanceledException>(
                () => ModelTraining.Train(source, Quick(trainer), cancellation: cancel.Token));
            Assert.InRange(source.Passes, 0, passes);
        }
    }

    private sealed class Short(FeaturesInMemory rows) : IFeatureSource
    {
        public FeatureSchema Schema => rows.Schema;

        public long RowCount => rows.RowCount + 1;

        public IEnumerable<FeatureBatch> Read() => rows.Read();
    }

    private sealed class CancelsAfter : IFeatureSource
    {
        private readonly FeaturesInMemory _rows;
        private readonly int _passes;
        private readonly CancellationTokenSource _cancel;

        public CancelsAfter(FeaturesInMemory rows, int passes, CancellationTokenSource cancel)
        {
            (_rows, _passes, _cancel) = (rows, passes, cancel);
            CancelWhenDue();
        }

        public int Passes { get; private set; }

        public FeatureSchema Schema => _rows.Schema;

        public long RowCount => _rows.RowCount;

        public IEnumerable<FeatureBatch> Read()
        {
            foreach (var batch in _rows.Read())
                yield return batch;
            Passes++;
            CancelWhenDue();
        }

        private void CancelWhenDue()
        {
            if (Passes == _passes)
                _cancel.Cancel();
        }
    }
}
