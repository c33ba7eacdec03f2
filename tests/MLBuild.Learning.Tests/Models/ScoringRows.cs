using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using static MLBuild.Learning.Tests.Models.SampleFeatures;

namespace MLBuild.Learning.Tests.Models;

/// <summary>A loaded model gives a row the same score, to the last bit, however it is asked.</summary>
public sealed class ScoringRows
{
    public static TheoryData<TrainerKind> Trainers => [.. Enum.GetValues<TrainerKind>()];

    [Theory]
    [MemberData(nameof(Trainers))]
    public void OneByOneInBatchesAndInThreadsScoresAreBitEqual(TrainerKind trainer)
    {
        var trained = ModelTraining.Train(Trips(2_000), Quick(trainer));
        var model = Load(trained);
        var rows = Trips(500, seed: 2);
        var values = rows.Read().Single().Values;

        var oneByOne = Enumerable.Range(0, 500).Select(i => Bits(model.Score(Row(i)))).ToArray();
        Assert.Equal(oneByOne, model.ScoreAll(rows).Select(Bits));
        Assert.Equal(oneByOne, model.ScoreAll(new InBatches(rows, 33)).Select(Bits));
        Assert.Equal(oneByOne, Load(trained).ScoreAll(rows).Select(Bits));

        var inThreads = new int[500 * 20];
        var eight = new ParallelOptions { MaxDegreeOfParallelism = 8 };
        Parallel.For(0, inThreads.Length, eight, i => inThreads[i] = Bits(model.Score(Row(i % 500))));
        Assert.Equal(Enumerable.Repeat(oneByOne, 20).SelectMany(bits => bits), inThreads);

        ReadOnlySpan<float> Row(int i) => values.AsSpan(i * Schema.Width, Schema.Width);
    }

    /// <summary>The saved chain is an ordinary ML.NET model: loaded without our code it scores the same.</summary>
    [Fact]
    public void MicrosoftMlScoresTheSameModelBitEqual()
    {
        var trained = ModelTraining.Train(Trips(2_000), Quick(TrainerKind.LightGbm));
        var rows = Trips(500, seed: 2);
        var values = rows.Read().Single().Values;
        var plain = values.Chunk(Schema.Width).Select(row => new Plain { Features = row }).ToArray();

        var ml = new MLContext();
        var transformer = ml.Model.Load(new MemoryStream(trained.CanonicalModel), out _);
        var scores = transformer.Transform(ml.Data.LoadFromEnumerable(plain)).GetColumn<float>("Score");
        Assert.Equal(scores.Select(Bits), Load(trained).ScoreAll(rows).Select(Bits));
    }

    [Fact]
    public void RowsOfAnotherWidthAreRefused()
    {
        var model = Load(ModelTraining.Train(Trips(300), Quick(TrainerKind.LightGbm)));
        var error = Assert.Throws<FeatureSchemaException>(() => model.Score([1, 2]));
        Assert.Equal("The model takes 3 features, the row has 2.", error.Message);
    }

    [Fact]
    public void RowsOfAnotherSchemaAreRefusedBeforeTheFirstScore()
    {
        var model = Load(ModelTraining.Train(Trips(300), Quick(TrainerKind.LightGbm)));
        var schema = new FeatureSchema([.. Schema.Columns.Take(2), new("borough", FeatureKind.Categorical)]);
        var other = new FeaturesInMemory(schema, new float[3], [0]);
        var error = Assert.Throws<FeatureSchemaException>(() => model.ScoreAll(other));
        Assert.Contains("'zone' is missing; 'borough' is extra", error.Message);
    }

    [Theory]
    [InlineData(TrainerKind.LightGbm, 40, 16)]
    [InlineData(TrainerKind.FastTree, 40, 16)]
    [InlineData(TrainerKind.FastForest, 40, 16)]
    [InlineData(TrainerKind.Linear, null, null)]
    public void AModelSaysWhatItIs(TrainerKind trainer, int? trees, int? mostLeaves)
    {
        var model = Load(ModelTraining.Train(Trips(2_000), Quick(trainer)));
        Assert.Equal(new ModelSchema($"{trainer}", LearningTask.Regression, Schema, trees, mostLeaves), model.Schema);
    }

    [Fact]
    public void StoredModelsAreSortedUncompressedAndTimeless()
    {
        var trained = ModelTraining.Train(Trips(300), Quick(TrainerKind.Linear));
        using var zip = new ZipArchive(new MemoryStream(trained.CanonicalModel));
        var names = zip.Entries.Select(entry => entry.FullName).ToArray();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Contains("MLBuild/card.json", names);
        Assert.All(zip.Entries, entry => Assert.Equal(new(1980, 1, 1), entry.LastWriteTime.DateTime));
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
    }

    [Fact]
    public void BytesThatAreNoZipAreRefused()
    {
        var bytes = new MemoryStream("not a model"u8.ToArray());
        var error = Assert.Throws<FormatException>(() => ScoringModel.Load(bytes));
        Assert.StartsWith("This is not a model: ", error.Message);
    }

    [Fact]
    public void AModelWithoutOurCardIsRefused()
    {
        var error = Assert.Throws<FormatException>(() => ScoringModel.Load(Zip("other.txt", "")));
        Assert.Equal("This is not a model of ours: it has no MLBuild/card.json. Train it with MLBuild.", error.Message);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"trainer":"Oracle","features":[]}""")]
    [InlineData("""{"trainer":"Linear","features":[]}""")]
    [InlineData("""{"features":[{"name":"x","kind":"Numeric"}]}""")]
    [InlineData("""{"trainer":"Linear","features":[{"name":"x","kind":"Numeric"}]}""")]
    public void ACardWithoutItsModelIsRefused(string card)
    {
        var error = Assert.Throws<FormatException>(() => ScoringModel.Load(Zip("MLBuild/card.json", card)));
        Assert.StartsWith("This is not a model: ", error.Message);
    }

    private static int Bits(float score) => BitConverter.SingleToInt32Bits(score);

    private static MemoryStream Zip(string name, string content)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry(name).Open())
            entry.Write(Encoding.UTF8.GetBytes(content));
        bytes.Position = 0;
        return bytes;
    }

    private sealed class Plain
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
