using System.Globalization;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using static MLBuild.Learning.Tests.Models.SampleFeatures;

namespace MLBuild.Learning.Tests.Models;

/// <summary>Golden rows tell a model that scores as it did when it was registered from one that does not.</summary>
public sealed class CheckingGoldenRows
{
    private static readonly TrainedModel Trained =
        ModelTraining.Train(Trips(1_000), Quick(TrainerKind.LightGbm));

    [Fact]
    public void TheSameModelLoadedAgainPasses()
    {
        var golden = GoldenRows.Choose(Load(Trained), Trips(1_000), 100);
        Assert.Equal(100, golden.Count);
        golden.Verify(Load(Trained));
        GoldenRows.FromJson(golden.ToJson()).Verify(Load(Trained));
    }

    [Fact]
    public void RowsAreTakenAtEvenDistances()
    {
        var values = Enumerable.Range(0, 10).SelectMany(i => new[] { i, 0f, 0f }).ToArray();
        var golden = GoldenRows.Choose(Load(Trained), new InBatches(new(Schema, values, new double[10]), 3), 4);
        var chosen = golden.ToJson().Split('\n')[1..5].Select(line => line["{\"features\":[".Length..].Split(',')[0]);
        Assert.Equal(["0", "2", "5", "7"], chosen);
    }

    [Fact]
    public void FewerRowsThanAskedForAreAllTaken() =>
        Assert.Equal(7, GoldenRows.Choose(Load(Trained), Trips(7), 100).Count);

    [Fact]
    public void NoRowsAreRefused()
    {
        var error = Assert.Throws<TrainingDataException>(() => GoldenRows.Choose(Load(Trained), Trips(0), 100));
        Assert.Equal("There are no feature rows to choose golden rows from.", error.Message);
    }

    [Fact]
    public void AScoreThatIsNoNumberIsRefused()
    {
        var model = Load(ModelTraining.Train(Trips(300), Quick(TrainerKind.Linear)));
        var rows = new FeaturesInMemory(Schema, [2, 12, 7, float.PositiveInfinity, 12, 7], [0, 0]);
        var error = Assert.Throws<GoldenRowsException>(() => GoldenRows.Choose(model, rows, 2));
        Assert.Equal(
            "The model scores Infinity for feature row 1 (the first is 0): miles Infinity, hour 12, zone 7. "
            + "Do not register it; look at how it was trained.",
            error.Message);
    }

    [Fact]
    public void JsonKeepsEveryBit()
    {
        const string Json =
            """
            [
            {"features":[0.1,"NaN",1E-45],"score":-0},
            {"features":[16777216,-0,3.4028235E+38],"score":12.345679}
            ]

            """;
        Assert.Equal(Json, GoldenRows.FromJson(Json).ToJson());
    }

    [Fact]
    public void TheFirstRowOfOneBitDifferenceIsNamed()
    {
        var model = Load(Trained);
        var score = model.Score([1.5f, float.NaN, 7]);
        var next = MathF.BitIncrement(score);
        var golden = GoldenRows.FromJson(string.Create(CultureInfo.InvariantCulture,
            $$"""
            [{"features":[1.5,"NaN",7],"score":{{score:R}}},
             {"features":[1.5,"NaN",7],"score":{{next:R}}},
             {"features":[1.5,"NaN",7],"score":{{next:R}}}]
            """));
        var error = Assert.Throws<GoldenRowsException>(() => golden.Verify(model));
        Assert.Equal(
            string.Create(
                CultureInfo.InvariantCulture, $"Golden row 1 (of 3; 2 differ) scores {score:R}, expected {next:R}: ")
            + "miles 1.5, hour NaN, zone 7. "
            + "This is another model, or another class of machine than the one that registered it.",
            error.Message);
    }

    [Theory]
    [InlineData(LearningTaskKind.Binary, "\"score\":0.")]
    [InlineData(LearningTaskKind.Multiclass, "\"scores\":[0.")]
    public void EachProbabilityIsCompared(LearningTaskKind kind, string inJson)
    {
        var rows = SampleClasses.Of(kind, 400).Rows;
        var model = Load(ModelTraining.Train(rows, Quick(TrainerKind.LightGbm), SampleClasses.TaskOf(kind)));
        var json = GoldenRows.Choose(model, rows, 10).ToJson();
        Assert.Contains(inJson, json);
        Assert.Equal(json, GoldenRows.FromJson(json).ToJson());
        GoldenRows.FromJson(json).Verify(model);
        // One digit of the last score of the last row.
        var end = json.LastIndexOfAny([.. "012345678"]);
        var changed = $"{json[..end]}{(char)(json[end] + 1)}{json[(end + 1)..]}";
        Assert.StartsWith("Golden row 9 (of 10; 1 differ) scores 0.",
            Assert.Throws<GoldenRowsException>(() => GoldenRows.FromJson(changed).Verify(model)).Message);
    }

    [Fact]
    public void RowsOfAnotherTaskFail()
    {
        var golden = GoldenRows.FromJson("""[{"features":[1,2,3],"scores":[0.2,0.3,0.5]}]""");
        Assert.StartsWith("Golden row 0 (of 1; 1 differ) scores ",
            Assert.Throws<GoldenRowsException>(() => golden.Verify(Load(Trained))).Message);
    }

    [Fact]
    public void AModelTrainedOnOtherRowsFails()
    {
        var golden = GoldenRows.Choose(Load(Trained), Trips(1_000), 100);
        var other = Load(ModelTraining.Train(Trips(1_000, seed: 5), Quick(TrainerKind.LightGbm)));
        Assert.Throws<GoldenRowsException>(() => golden.Verify(other));
    }

    [Fact]
    public void AModelOfAnotherWidthFails()
    {
        var golden = GoldenRows.FromJson("""[{"features":[1],"score":0}]""");
        Assert.Throws<FeatureSchemaException>(() => golden.Verify(Load(Trained)));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("{")]
    public void OtherJsonIsRefused(string json)
    {
        var error = Assert.Throws<FormatException>(() => GoldenRows.FromJson(json));
        Assert.StartsWith("These are not golden rows: ", error.Message);
    }
}
