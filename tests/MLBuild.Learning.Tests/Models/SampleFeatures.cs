using MLBuild.Learning.Features;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Tests.Models;

/// <summary>Made-up trips whose price is known: 3 + 2 per mile, 10 more in zone 7, and 40 flat where the distance is
/// absent.</summary>
internal static class SampleFeatures
{
    public static readonly FeatureSchema Schema = new(
    [
        new("miles", FeatureKind.Numeric), new("hour", FeatureKind.Numeric), new("zone", FeatureKind.Categorical),
    ]);

    public static FeaturesInMemory Trips(int count, int seed = 1)
    {
        var random = new Random(seed);
        var values = new float[count * Schema.Width];
        var labels = new double[count];
        for (var i = 0; i < count; i++)
        {
            var row = values.AsSpan(i * Schema.Width, Schema.Width);
            row[0] = random.Next(10) == 0 ? float.NaN : (float)Math.Round(random.NextDouble() * 20, 2);
            row[1] = random.Next(24);
            row[2] = random.Next(20) == 0 ? float.NaN : random.Next(10);
            labels[i] = Price(row);
        }
        return new(Schema, values, labels);
    }

    public static double Price(ReadOnlySpan<float> row) =>
        float.IsNaN(row[0]) ? 40 : 3 + 2 * row[0] + (row[2] == 7 ? 10 : 0);

    /// <summary>Options that train in a moment.</summary>
    public static TrainingOptions Quick(TrainerKind trainer) =>
        new() { Trainer = trainer, Iterations = 40, Leaves = 16, LearningRate = 0.2, Bins = 255 };

    public static ScoringModel Load(TrainedModel trained) =>
        ScoringModel.Load(new MemoryStream(trained.CanonicalModel));

    public static double RootMeanSquaredError(ScoringModel model, FeaturesInMemory rows)
    {
        var labels = rows.Read().Single().Labels;
        var squares = model.ScoreAll(rows).Zip(labels, (score, label) => (score - label) * (score - label));
        return Math.Sqrt(squares.Average());
    }

    /// <summary>The same rows in batches of a few, in arrays that are filled again and again, as a reader of files does
    /// it.</summary>
    public sealed class InBatches(FeaturesInMemory rows, int rowsPerBatch) : IFeatureSource
    {
        public FeatureSchema Schema => rows.Schema;

        public long RowCount => rows.RowCount;

        public IEnumerable<FeatureBatch> Read()
        {
            var (all, width) = (rows.Read().Single(), Schema.Width);
            var values = new float[rowsPerBatch * width];
            var labels = new double[rowsPerBatch];
            for (var start = 0; start < all.Count; start += rowsPerBatch)
            {
                var count = Math.Min(rowsPerBatch, all.Count - start);
                all.Values.AsSpan(start * width, count * width).CopyTo(values);
                all.Labels.AsSpan(start, count).CopyTo(labels);
                yield return new(count, values, labels);
            }
        }
    }
}
