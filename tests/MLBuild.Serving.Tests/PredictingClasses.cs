using System.Net;
using System.Text.Json.Nodes;
using MLBuild.Learning.Features;

namespace MLBuild.Serving.Tests;

/// <summary>What a request gets of a model that predicts no number.</summary>
public sealed class PredictingClasses : IDisposable
{
    private static readonly Ride[] Rides = [.. Enumerable.Range(1000, 60).Select(Ride.Number)];

    private readonly ModelPlace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task WhetherSomethingHappensIsAProbabilityThatSaysOfWhat()
    {
        _place.Deploy(RideModel.Binary);
        await using var server = await RunningServer.StartAsync(_place.Options);

        var answer = await server.PredictAsync(RideJson.Of(Rides));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            ["version", "model", "classes", "probabilityOf", "predictions"],
            answer.Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal("""["cheap","dear"]""", answer.Json.GetProperty("classes").GetRawText());
        Assert.Equal("dear", answer.Json.GetProperty("probabilityOf").GetString());
        Assert.Equal(Rides.Select(ride => ride.ScoreBy(RideModel.Binary.Model)), answer.Predictions);
        Assert.Contains(answer.Predictions, probability => probability > 0.5);
        Assert.Contains(answer.Predictions, probability => probability < 0.5);
        await AssertIsAsDescribed(server, answer);
    }

    [Fact]
    public async Task OneOfSeveralClassesIsTheLikeliestWithAllProbabilities()
    {
        _place.Deploy(RideModel.Multiclass);
        await using var server = await RunningServer.StartAsync(_place.Options);

        var answer = await server.PredictAsync(RideJson.Of(Rides));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var predictions = answer.Json.GetProperty("predictions").EnumerateArray().ToArray();
        Assert.Equal(Rides.Length, predictions.Length);
        string[] classes = ["cheap", "usual", "dear"];
        var expected = new float[3];
        foreach (var (ride, prediction) in Rides.Zip(predictions))
        {
            RideModel.Multiclass.Model.Score(Ride.Features.Serve(FeatureState.None, ride), expected);
            var probabilities = prediction.GetProperty("probabilities").EnumerateObject().ToArray();
            Assert.Equal(classes, probabilities.Select(probability => probability.Name));
            Assert.Equal(expected, probabilities.Select(probability => probability.Value.GetSingle()));
            Assert.Equal(
                classes[Array.IndexOf(expected, expected.Max())], prediction.GetProperty("class").GetString());
        }
        Assert.Equal(3, predictions.Select(row => row.GetProperty("class").GetString()).Distinct().Count());
        await AssertIsAsDescribed(server, answer);
    }

    [Fact]
    public async Task TheModelSaysWhatItPredicts()
    {
        _place.Deploy(RideModel.Multiclass);
        await using var server = await RunningServer.StartAsync(_place.Options);

        Assert.Equal(
            """{"kind":"Multiclass","classes":["cheap","usual","dear"]}""",
            (await server.GetAsync("/model")).Json.GetProperty("task").GetRawText());
    }

    [Fact]
    public async Task ClassesAreLoggedByName()
    {
        _place.Deploy(RideModel.Multiclass);
        var folder = Path.Combine(_place.Store, "predictions");
        await using (var server = await RunningServer.StartAsync(
            _place.Options with { PredictionLog = new() { Folder = folder } }))
        {
            await server.PredictAsync(RideJson.Of(Rides));
            // Another task's scores are another file's.
            _place.Deploy(RideModel.Trees);
            await server.ServesAsync(2);
            await server.PredictAsync(RideJson.Of(Rides));
            await server.StopAsync();
        }

        var columns = new List<string>();
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            await using var stream = File.OpenRead(file);
            await using var reader = await Parquet.ParquetReader.CreateAsync(stream);
            columns.Add(string.Join(' ', reader.Schema.DataFields.Select(field => field.Name)
                .Where(name => name.StartsWith("score", StringComparison.Ordinal))));
        }
        Assert.Equal(["score_cheap score_usual score_dear", "score"], columns);
    }

    private static async Task AssertIsAsDescribed(RunningServer server, Answer answer)
    {
        var document = JsonNode.Parse(await server.Client.GetStringAsync("/openapi.json"))!;
        Assert.True(
            new JsonSchema(document).Accepts("components|schemas|Prediction", JsonNode.Parse(answer.Json.GetRawText())),
            answer.Json.GetRawText());
    }
}
