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
    private readonly Ride _slow = Ride.Number(5);
    private Action _whileSlow = () => { };

    public TakingTurns() => _place.Deploy(RideModel.Trees);

    // A request is scored until the test opens the gate.
    private ModelDefinition<Ride> Gated => Ride.Definition with
    {
        ServedKey = ride =>
        {
            _entered.Release();
            _isOpen.Wait();
            if (ride.Meter == _slow.Meter)
                _whileSlow();
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
        _isOpen.Set();
        await DemandTooLateAsync(first);
        await EndAsync(server);
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
    public async Task WhoHangsUpWaitsNoLonger()
    {
        await using var server = await StartAsync(maxWaiting: 5);
        var first = await BeginAsync(server);
        using var hangUp = new CancellationTokenSource();
        var second = PostAsync(server, Ride.Number(4), hangUp.Token);
        await server.MetricsOnceAsync("mlbuild_predict_waiting 1");

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await server.MetricsOnceAsync("mlbuild_predict_waiting 0");
        await EndAsync(server, first);
    }

    [Fact]
    public async Task OneRowMayNotTakeForEverEither()
    {
        await using var server = await StartAsync(maxWaiting: 0);
        var first = await BeginAsync(server);

        server.Pass(TimeSpan.FromSeconds(11));
        _isOpen.Set();

        await DemandTooLateAsync(first);
    }

    [Fact]
    public async Task ATurnAndTheScoresHaveOneTimeTogether()
    {
        await using var server = await StartAsync(maxWaiting: 1);
        var first = await BeginAsync(server);
        var second = PostAsync(server, _slow);
        await server.MetricsOnceAsync("mlbuild_predict_waiting 1");

        // The second one waits for 6 s, and is scored for another 5.
        server.Pass(TimeSpan.FromSeconds(6));
        _whileSlow = () => server.Pass(TimeSpan.FromSeconds(5));
        await EndAsync(server, first);

        await DemandTooLateAsync(second);
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
        var entering = _entered.WaitAsync();
        // One that is answered instead never enters.
        Assert.Same(entering, await Task.WhenAny(entering, first));
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

    private static async Task DemandTooLateAsync(Task<HttpResponseMessage> begun)
    {
        using var response = await begun;
        var answer = await Answer.OfAsync(response);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(
            "0 of 1 rows were scored in 10 s, the wait for a turn among them. "
            + "Send it again later, or fewer rows at once.",
            answer.Detail);
    }

    private static Task<HttpResponseMessage> PostAsync(RunningServer server) => PostAsync(server, Ride.Number(4));

    private static Task<HttpResponseMessage> PostAsync(
        RunningServer server, Ride ride, CancellationToken hangUp = default) => server.Client.PostAsync(
        "/predict",
        new StringContent(
            RideJson.Of(ride).ToJsonString(), System.Text.Encoding.UTF8, "application/json"),
        hangUp);
}
