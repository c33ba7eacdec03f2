using System.Net;

namespace MLBuild.Serving.Tests;

/// <summary>What a server says of itself to Prometheus.</summary>
public sealed class ReadingMetrics : IDisposable
{
    private readonly ModelPlace _place = new();

    public ReadingMetrics() => _place.Deploy(RideModel.Trees);

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task RequestsAreCountedByVersionAndStatus()
    {
        await using var server = await RunningServer.StartAsync(_place.Options);
        await server.PredictAsync(RideJson.Of(Enumerable.Range(0, 7).Select(Ride.Number)));
        await server.PredictAsync("{}");
        _place.Deploy(RideModel.Linear);
        await server.ServesAsync(2);
        await server.PredictAsync(RideJson.Of(Ride.Number(1)).ToJsonString());

        // An answer is counted a moment after it was sent.
        var text = await server.MetricsOnceAsync(
            """mlbuild_predict_duration_seconds_count{status="200",version="2"} 1""");

        string[] expected =
        [
            "# TYPE mlbuild_predict_duration_seconds histogram",
            """mlbuild_predict_duration_seconds_bucket{status="200",version="1",le="0.0005"} 1""",
            """mlbuild_predict_duration_seconds_bucket{status="200",version="1",le="+Inf"} 1""",
            """mlbuild_predict_duration_seconds_count{status="200",version="1"} 1""",
            """mlbuild_predict_duration_seconds_count{status="400",version="none"} 1""",
            "# HELP mlbuild_predict_rows_total Rows that were predicted.",
            "# TYPE mlbuild_predict_rows_total counter",
            """mlbuild_predict_rows_total{version="1"} 7""",
            """mlbuild_predict_rows_total{version="2"} 1""",
            "# TYPE mlbuild_predict_in_flight gauge",
            "mlbuild_predict_in_flight 0",
            "mlbuild_predict_waiting 0",
            "mlbuild_model_version 2",
            "mlbuild_reload_failures_total 0",
            "mlbuild_shadow_missed_total 0",
            "mlbuild_prediction_log_rows_total 0",
            "mlbuild_prediction_log_dropped_total 0",
        ];
        Assert.Equal(expected, expected.Intersect(text.Split('\n')));
        // Another server of the same process has its own.
        await using var other = await RunningServer.StartAsync(_place.Options);
        Assert.DoesNotContain("mlbuild_predict_duration_seconds_count", await other.MetricsAsync());
    }

    [Fact]
    public async Task AVersionThatMustNotServeIsCounted()
    {
        await using var server = await RunningServer.StartAsync(_place.Options);
        _place.Deploy(RideModel.Linear, golden: "[]");

        await server.HealthOnceAsync(health => health.GetProperty("status").GetString() == "degraded");

        await server.MetricsOnceAsync("mlbuild_reload_failures_total 1");
    }

    [Fact]
    public async Task TheyAreText()
    {
        await using var server = await RunningServer.StartAsync(_place.Options);
        using var response = await server.Client.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", $"{response.Content.Headers.ContentType}");
    }
}
