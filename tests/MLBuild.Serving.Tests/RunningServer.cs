using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using MLBuild.Learning.Models;

namespace MLBuild.Serving.Tests;

/// <summary>A server of rides on a free port of this machine, and a client of it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    // Far more than any poll needs: reached only where a poll never does what the test waits for.
    private const int MostRounds = 100_000;
    private const int MostLooks = 15_000;

    private readonly WebApplication _app;
    private readonly ManualClock _clock;

    private RunningServer(WebApplication app, ManualClock clock)
    {
        _app = app;
        _clock = clock;
        // Waits for the server to ask for a body: who is asked knows that the request is being answered.
        Client = new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) })
        {
            BaseAddress = new Uri(app.Urls.Single().Replace("0.0.0.0", "127.0.0.1")),
        };
    }

    public HttpClient Client { get; }

    public static Task<RunningServer> StartAsync(ServingOptions options) => StartAsync(options, Ride.Definition);

    public static Task<RunningServer> StartAsync(ServingOptions options, ModelDefinition<Ride> definition) =>
        StartAsync(options, definition, Ride.Served);

    public static async Task<RunningServer> StartAsync(
        ServingOptions options, ModelDefinition<Ride> definition, ServedRow<Ride> row)
    {
        var clock = new ManualClock();
        var app = ModelServer.Build(options, definition, row, clock);
        await app.StartAsync();
        return new(app, clock);
    }

    public void Pass(TimeSpan time) => _clock.Advance(time);

    public Task StopAsync() => _app.StopAsync();

    public Task<Answer> PredictAsync(string json) => PredictAsync(Encoding.UTF8.GetBytes(json));

    public async Task<Answer> PredictAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using var response = await Client.PostAsync("/predict", content);
        return await Answer.OfAsync(response);
    }

    public async Task<Answer> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return await Answer.OfAsync(response);
    }

    /// <summary>Lets time pass until the server has looked into the registry and says what is waited for.</summary>
    /// <param name="step">How much passes at once; null for 2 s.</param>
    public async Task<JsonElement> HealthOnceAsync(Func<JsonElement, bool> isReached, TimeSpan? step = null)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            _clock.Advance(step ?? TimeSpan.FromSeconds(2));
            var health = (await GetAsync("/health/ready")).Json;
            if (isReached(health))
                return health;
        }
        throw new InvalidOperationException($"Polls changed nothing: {(await GetAsync("/health/ready")).Json}");
    }

    public Task<string> MetricsAsync() => Client.GetStringAsync("/metrics");

    /// <summary>Waits until the metrics have a line.</summary>
    public async Task<string> MetricsOnceAsync(string line)
    {
        for (var round = 0; round < MostLooks; round++)
        {
            var metrics = await MetricsAsync();
            if (metrics.Split('\n').Contains(line))
                return metrics;
            await Task.Delay(20);
        }
        throw new InvalidOperationException($"There never was '{line}':\n{await MetricsAsync()}");
    }

    public Task<JsonElement> ServesAsync(int version, TimeSpan? step = null) => HealthOnceAsync(
        health => health.GetProperty("version") is { ValueKind: JsonValueKind.Number } number
            && number.GetInt32() == version,
        step);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>What a server said.</summary>
internal sealed record Answer(HttpStatusCode Status, string? MediaType, JsonElement Json)
{
    public int Version => Json.GetProperty("version").GetInt32();

    public string Detail => Json.GetProperty("detail").GetString()!;

    public float[] Predictions =>
        [.. Json.GetProperty("predictions").EnumerateArray().Select(score => score.GetSingle())];

    public static async Task<Answer> OfAsync(HttpResponseMessage response) => new(
        response.StatusCode,
        response.Content.Headers.ContentType?.MediaType,
        JsonElement.Parse(await response.Content.ReadAsStringAsync()));
}
