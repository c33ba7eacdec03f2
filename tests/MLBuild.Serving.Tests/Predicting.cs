using System.Net;
using System.Text;
using MLBuild.Store;

namespace MLBuild.Serving.Tests;

/// <summary>What a request gets for its rows.</summary>
public sealed class Predicting : IDisposable
{
    private readonly ModelPlace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task OneRowScoresAsTheModelDoes()
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);
        var ride = Ride.Number(4);

        var answer = await server.PredictAsync(RideJson.Of(ride).ToJsonString());

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.MediaType);
        Assert.Equal(1, answer.Version);
        Assert.Equal(ContentHash.Of(RideModel.Trees.Bytes).Hex, answer.Json.GetProperty("model").GetString());
        Assert.Equal([ride.ScoreBy(RideModel.Trees.Model)], answer.Predictions);
    }

    [Fact]
    public async Task ManyRowsScoreAsTheModelDoesInTheirOrder()
    {
        _place.Deploy(RideModel.Linear);
        await using var server = await RunningServer.StartAsync(_place.Options);
        var rides = Enumerable.Range(1000, 1000).Select(Ride.Number).ToArray();

        var answer = await server.PredictAsync(RideJson.Of(rides));

        Assert.Equal(rides.Select(ride => ride.ScoreBy(RideModel.Linear.Model)), answer.Predictions);
    }

    [Fact]
    public async Task FittedFeaturesAreThoseOfTraining()
    {
        var model = RideModel.OfFittedFeatures;
        _place.Deploy(model);
        await using var server = await RunningServer.StartAsync(
            _place.Options, Ride.Definition with { Features = Ride.FittedFeatures });
        // Ends with one of a zone that no training row had.
        Ride[] rides = [.. Enumerable.Range(1000, 200).Select(Ride.Number), Ride.Number(7)];
        rides[^1].Zone = 77;

        var answer = await server.PredictAsync(RideJson.Of(rides));

        var features = new float[Ride.FittedFeatures.Width];
        Assert.Equal(
            rides.Select(ride =>
            {
                model.Fitted.Others.Compute(ride, features);
                return model.Model.Score(features);
            }),
            answer.Predictions);
    }

    [Fact]
    public async Task ScoresAreWrittenAsShortAsTheyReadBack()
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);
        var ride = Ride.Number(4);

        var answer = await server.PredictAsync(RideJson.Of(ride).ToJsonString());

        Assert.Equal(
            FormattableString.Invariant($"[{ride.ScoreBy(RideModel.Trees.Model):R}]"),
            answer.Json.GetProperty("predictions").GetRawText());
    }

    [Fact]
    public async Task AbsentAndNullAreTheSame()
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);
        var ride = new Ride { Distance = 3, Zone = 2, PickupAt = new(2019, 2, 1, 8, 0, 0) };

        var answer = await server.PredictAsync(
            """
            [{"distance": 3, "zone": 2, "pickup": "2019-02-01 08:00:00"},
             {"distance": 3, "zone": 2, "pickup": "2019-02-01 08:00:00",
              "passengers": null, "shared": null, "flag": null, "meter": null}]
            """);

        var score = ride.ScoreBy(RideModel.Trees.Model);
        Assert.Equal([score, score], answer.Predictions);
    }

    [Theory]
    [InlineData("""{"distance": 3, "zone": 2.0, "pickup": "2019-02-01 08:00:00"}""")]
    [InlineData("""{"distance": 0.3e1, "zone": 2, "pickup": "2019-02-01T08:00:00"}""")]
    [InlineData("""{"distance": 3.00, "zone": 2, "pickup": "2019-02-01 08:00:00.000000"}""")]
    public async Task OtherSpellingsOfAValueAreTheSame(string row)
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);
        var ride = new Ride { Distance = 3, Zone = 2, PickupAt = new(2019, 2, 1, 8, 0, 0) };

        Assert.Equal([ride.ScoreBy(RideModel.Trees.Model)], (await server.PredictAsync(row)).Predictions);
    }

    [Fact]
    public async Task ClientsAtOnceGetTheirOwnScores()
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
        {
            for (var request = 0; request < 40; request++)
            {
                var first = client * 1000 + request * 10;
                var rides = Enumerable.Range(first, 1 + request % 10).Select(Ride.Number).ToArray();
                var answer = await server.PredictAsync(RideJson.Of(rides));
                Assert.Equal(rides.Select(ride => ride.ScoreBy(RideModel.Trees.Model)), answer.Predictions);
            }
        })));
    }

    [Fact]
    public async Task AScoreThatIsNoNumberIsAnError()
    {
        _place.Deploy(RideModel.Linear);
        await using var server = await RunningServer.StartAsync(_place.Options);

        // Finite as a double, infinite as the float that the model takes.
        var answer = await server.PredictAsync(
            """
            [{"distance": 1, "zone": 2, "pickup": "2019-02-01 08:00:00"},
             {"distance": 1e300, "zone": 2, "pickup": "2019-02-01 08:00:00"}]
            """);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Equal("Row 1 scores Infinity by version 1, expected a finite number.", answer.Detail);
    }

    [Fact]
    public async Task ARequestThatHasBegunIsAnsweredAlthoughTheServerStops()
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);
        var ride = Ride.Number(4);
        using var body = new HeldBackContent(Encoding.UTF8.GetBytes(RideJson.Of(ride).ToJsonString()));
        body.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict") { Content = body };
        request.Headers.ExpectContinue = true;

        var response = server.Client.SendAsync(request);
        await body.Asked;
        var stop = server.StopAsync();
        body.Release();

        var answer = await Answer.OfAsync(await response);
        Assert.Equal([ride.ScoreBy(RideModel.Trees.Model)], answer.Predictions);
        await stop;
    }

    /// <summary>A body that is sent when the test says so.</summary>
    private sealed class HeldBackContent(byte[] bytes) : HttpContent
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public void Release() => _released.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _asked.SetResult();
            await _released.Task;
            await stream.WriteAsync(bytes);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
