using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using static MLBuild.Learning.Tests.Models.SampleFeatures;

namespace MLBuild.Learning.Tests.Models;

/// <summary>What is made of LightGBM's text scores as LightGBM itself, whatever the rows.</summary>
public sealed class AgreeingWithLightGbm
{
    public static TheoryData<string, string> Objectives => new()
    {
        { "regression", "objective=regression" },
        { "binary", "objective=binary" },
        { "multiclass", "objective=multiclass num_class=3" },
    };

    [Theory]
    [MemberData(nameof(Objectives))]
    public void EveryRowScoresAsThere(string kind, string objective)
    {
        var task = TaskOf(kind);
        var (rows, others) = (Rows(2_000, seed: 1, task), Rows(2_000, seed: 2, task));
        var (text, predictions) = NativeLightGbm.Train(
            rows, others, $"{objective} num_leaves=31 min_data_in_leaf=5 max_bin=1023", 30, task.ScoreCount);
        var model = ScoringModel.Load(new MemoryStream(LightGbmText.ToCanonicalModel(text, rows.Schema, task)));
        var off = model.ScoreAllClasses(others).Index()
            .Where(row => row.Item.Index().Any(score =>
                Math.Abs(score.Item - predictions[row.Index][score.Index])
                > 1e-5 * (1 + Math.Abs(predictions[row.Index][score.Index]))))
            .Select(row => $"{row.Index}: {string.Join(' ', row.Item)} is {string.Join(' ', predictions[row.Index])}");
        Assert.Empty(off);
    }

    [Fact]
    public void NumbersOfASizeWhereAbsentOnesCannotBeToldApartAreRefused()
    {
        // Half of them absent, and those are as the large ones.
        var schema = new FeatureSchema([new("ticks", FeatureKind.Numeric)]);
        var values = Enumerable.Range(0, 400).Select(i => i % 4 < 2 ? float.NaN : i % 4 == 2 ? 1e17f : 2e17f);
        var rows = new FeaturesInMemory(
            schema, [.. values], [.. Enumerable.Range(0, 400).Select(i => i % 4 == 2 ? 0.0 : 1)]);
        Assert.Matches(
            @"^Feature 'ticks' is split at 1\.\d+E\+17 and absent in some rows, and of such a size ML\.NET cannot tell "
            + @"the two apart\. Let the feature be in a larger unit\.$",
            Assert.Throws<TrainingDataException>(
                () => ModelTraining.Train(rows, Quick(TrainerKind.LightGbm))).Message);
    }

    private static LearningTask TaskOf(string kind) => kind switch
    {
        "regression" => LearningTask.Regression,
        "binary" => LearningTask.Binary("no", "yes"),
        _ => LearningTask.Multiclass("a", "b", "c"),
    };

    // An absence that tells something; numbers so large that the next one is more than 1 away; neighbours among
    // single-precision numbers; one that is absent only where rows are scored.
    private static FeaturesInMemory Rows(int count, int seed, LearningTask task)
    {
        var schema = new FeatureSchema([.. new[] { "absent", "large", "near", "late", "zero" }
            .Select(name => new FeatureColumn(name, FeatureKind.Numeric))]);
        var random = new Random(seed);
        var values = new float[count * schema.Width];
        var labels = new double[count];
        for (var i = 0; i < count; i++)
        {
            var row = values.AsSpan(i * schema.Width, schema.Width);
            row[0] = random.Next(3) == 0 ? float.NaN : random.NextSingle() - 0.5f;
            row[1] = random.Next(4) == 0 ? float.NaN : 1.5e9f + (random.Next(20) * 1000f);
            row[2] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(1) + random.Next(40));
            row[3] = seed != 1 && random.Next(5) == 0 ? float.NaN : random.Next(-5, 6);
            row[4] = random.Next(2) == 0 ? 0 : random.Next(-3, 4);
            var signal = (float.IsNaN(row[0]) ? 3 : row[0]) + (float.IsNaN(row[1]) ? 2 : (row[1] - 1.5e9f) / 1e4f)
                + ((row[2] - 1) * 1e6) - (float.IsNaN(row[3]) ? 0 : row[3] / 4) + Math.Abs(row[4])
                + random.NextDouble();
            labels[i] = task.Kind switch
            {
                LearningTaskKind.Regression => signal,
                LearningTaskKind.Binary => signal > 6 ? 1 : 0,
                _ => signal < 5 ? 0 : signal < 7 ? 1 : 2,
            };
        }
        return new(schema, values, labels);
    }
}
