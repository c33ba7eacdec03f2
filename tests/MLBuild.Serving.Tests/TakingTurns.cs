using System.Net;
using MLBuild.Learning.Models;

namespace MLBuild.Serving.Tests;

/// <summary>More requests than are scored at once wait, up to a number and a time; and a server that stops says so
/// before it does.</summary>
public sealed class TakingTurns : IDisposable
{
    private readonly ModelPlace _place = new();
    private readonly ManualResetEventSlim _isOpen = new(initialState: true);
    private readonly SemaphoreSlim _entered = new(0);

    public TakingTurns() => _place.Deploy(RideModel.Trees);

    // A request is scored until the test opens the gate.
    private ModelDefinition<Ride> Gated => Ride.Definition with
    {
        ServedKey = ride =>
        {
            _entered.Release();
            _isOpen.Wait();
            return Ride.Definition.Key(ride);
        },
    };

    public void Dispose()
    {
        _isOpen.Set();
        _place.Dispose();
        _isOpen.Dispose();
        _entered.Dispose();
    }

    [Fact]
    public async Task WithoutAPlaceToWaitARequestIsToComeAgain()
    {
        await using var server = await StartAsync(maxWaiting: 0);
        var first = await BeginAsync(server);

        using var response = await PostAsync(server);
        var answer = await Answer.OfAsync(response);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("1 requests are being scored and 0 wait. Send it again later.", answer.Detail);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        await EndAsync(server, first);
    }

    [Fact]
    public async Task WhoWaitsTooLongIsToComeAgain()
    {
        await using var server = await StartAsync(maxWaiting: 5);
        var first = await BeginAsync(server);

        var second = PostAsync(server);
        while (!second.IsCompleted)
        {
            server.Pass(TimeSpan.FromSeconds(11));
            await Task.WhenAny(second, Task.Delay(5));
        }

        using var response = await second;
        var answer = await Answer.OfAsync(response);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("The request waited 10 s for its turn. Send it again later.", answer.Detail);
        await EndAsync(server, first);
    }

    [Fact]
    public async Task WhoWaitsIsAnswered()
    {
        await using var server = await StartAsync(maxWaiting: 20);
        var first = await BeginAsync(server);
        var others = Enumerable.Range(0, 20).Select(_ => PostAsync(server)).ToArray();

        await EndAsync(server, [first, .. others]);
    }

    [Fact]
    public async Task AStopIsSaidFirstAndRequestsAreAnsweredMeanwhile()
    {
        await using var server = await RunningServer.StartAsync(_place.Options with
        {
            Limits = _place.Options.Limits with { DrainTime = TimeSpan.FromMinutes(1) },
        });

        var stop = server.StopAsync();

        var ready = await server.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Equal("""{"status":"draining","version":1,"fault":null}""", ready.Json.GetRawText());
        Assert.Equal("""{"status":"alive"}""", (await server.GetAsync("/health/live")).Json.GetRawText());
        using (var response = await PostAsync(server))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            // What keeps its connection would come here again.
            Assert.True(response.Headers.ConnectionClose);
        }
        Assert.False(stop.IsCompleted);
        server.Pass(TimeSpan.FromMinutes(1));
        await stop;
        await Assert.ThrowsAsync<HttpRequestException>(() => server.GetAsync("/health/live"));
    }

    private async Task<RunningServer> StartAsync(int maxWaiting)
    {
        var server = await RunningServer.StartAsync(
            _place.Options with { Limits = _place.Options.Limits with { MaxScoring = 1, MaxWaiting = maxWaiting } },
            Gated);
        // What is behind looked at the key before a server starts.
        while (_entered.Wait(0))
        {
        }
        return server;
    }

    private async Task<Task<HttpResponseMessage>> BeginAsync(RunningServer server)
    {
        _isOpen.Reset();
        var first = PostAsync(server);
        await _entered.WaitAsync();
        return first;
    }

    private async Task EndAsync(RunningServer server, params Task<HttpResponseMessage>[] begun)
    {
        _isOpen.Set();
        foreach (var response in await Task.WhenAll(begun))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }
        using var last = await PostAsync(server);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
    }

    private static Task<HttpResponseMessage> PostAsync(RunningServer server) => server.Client.PostAsync(
        "/predict",
        new StringContent(
            RideJson.Of(Ride.Number(4)).ToJsonString(), System.Text.Encoding.UTF8, "application/json"));
}
