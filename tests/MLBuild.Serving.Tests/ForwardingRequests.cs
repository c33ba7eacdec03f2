using System.Net;
using Microsoft.AspNetCore.Http;
using MLBuild.Store;

namespace MLBuild.Serving.Tests;

/// <summary>What a load balancer passes on, what it keeps, and what it says where no server answers.</summary>
public sealed class ForwardingRequests
{
    [Fact]
    public async Task OnlyTheHeadersThatAServerReads()
    {
        await using var server = await StandInServer.StartAsync(Answered);
        await using var balancer = await RunningBalancer.StartAsync(server.Url);
        await balancer.ReadyAsync(1);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict")
        {
            Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json"),
            Headers =
            {
                { "X-API-Key", "a long key" }, { "Cookie", "session=1" }, { "Authorization", "Basic YTpi" },
                { "X-Forwarded-For", "10.1.1.1" }, { "Accept", "application/json" },
                { "traceparent", $"00-{new string('1', 32)}-{new string('2', 16)}-01" },
            },
        };

        using var response = await balancer.Client.SendAsync(request);

        Assert.Equal("[]", await response.Content.ReadAsStringAsync());
        Assert.Equal("1", $"{response.Headers.GetValues("X-Answer").Single()}");
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Accept"] = "application/json",
                ["Content-Length"] = "2",
                ["Content-Type"] = "application/json; charset=utf-8",
                ["Host"] = new Uri(server.Url).Authority,
                ["X-API-Key"] = "a long key",
            },
            server.Requests.Single());
    }

    [Fact]
    public async Task ARequestThatAServerHadIsNotSentToAnother()
    {
        await using var first = await StandInServer.StartAsync(GoneAway);
        await using var second = await StandInServer.StartAsync(GoneAway);
        await using var balancer = await RunningBalancer.StartAsync(first.Url, second.Url);
        await balancer.ReadyAsync(2);

        var answer = await balancer.PredictAsync("{}");

        Assert.Equal((HttpStatusCode.BadGateway, "application/problem+json"), (answer.Status, answer.MediaType));
        Assert.Equal("The server that had the request went away before it answered. Send it again.", answer.Detail);
        Assert.Equal(1, first.Requests.Count + second.Requests.Count);
    }

    [Fact]
    public async Task ARequestThatAServerSaysNothingToEndsInTime()
    {
        await using var server = await StandInServer.StartAsync(
            context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var balancer = await RunningBalancer.StartAsync(new LoadBalancerOptions
        {
            Servers = [server.Url],
            Urls = ["http://127.0.0.1:0"],
            Limits = new() { RequestTimeout = TimeSpan.FromSeconds(0.2), DrainTime = TimeSpan.Zero },
        });
        await balancer.ReadyAsync(1);

        var answer = await balancer.PredictAsync("{}");

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.Status);
        Assert.Equal("The server that had the request said nothing for 0.3 s. Send it again later.", answer.Detail);
    }

    [Fact]
    public async Task ARequestThatReachedNoServerIsSentToAnother()
    {
        await using var server = await StandInServer.StartAsync(Answered);
        var gone = await StandInServer.StartAsync(Answered);
        await using var balancer = await RunningBalancer.StartAsync(server.Url, gone.Url);
        await balancer.ReadyAsync(2);
        await gone.DisposeAsync();

        // The next probe has still to find out.
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await balancer.PredictAsync("{}")).Status);

        Assert.Equal(20, server.Requests.Count);
    }

    [Fact]
    public async Task AServerThatHasNotSaidThatItIsReadyGetsNothing()
    {
        await using var server = await StandInServer.StartAsync(Answered);
        await using var silent = await StandInServer.StartAsync(Answered, ready: null);
        await using var balancer = await RunningBalancer.StartAsync(server.Url, silent.Url);
        await balancer.ReadyAsync(1);

        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await balancer.PredictAsync("{}")).Status);

        Assert.Empty(silent.Requests);
    }

    [Fact]
    public async Task NothingWhereNoServerIs()
    {
        await using var balancer = await RunningBalancer.StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2");
        var first = await balancer.PredictAsync("{}");
        var ready = await balancer.ReadyAsync(0);
        using var content = new StringContent("{}");
        using var later = await balancer.Client.PostAsync("/predict", content);

        foreach (var answer in (Answer[])[first, await Answer.OfAsync(later)])
        {
            Assert.Equal(
                (HttpStatusCode.ServiceUnavailable, "application/problem+json"), (answer.Status, answer.MediaType));
            Assert.Equal("None of the 2 servers is ready. Send it again later.", answer.Detail);
        }
        Assert.Equal(TimeSpan.FromSeconds(1), later.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Equal("""{"status":"unavailable","ready":0,"servers":2}""", ready.Json.GetRawText());
        Assert.Equal(HttpStatusCode.OK, (await balancer.GetAsync("/health/live")).Status);
    }

    [Fact]
    public async Task NoBodyThatIsTooLong()
    {
        await using var server = await StandInServer.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await Answered(context);
        });
        await using var balancer = await RunningBalancer.StartAsync(server.Url);
        await balancer.ReadyAsync(1);

        // Who is asked for the body first sends none that is refused: a connection that is closed while it is being
        // sent may have no answer.
        balancer.Client.DefaultRequestHeaders.ExpectContinue = true;
        var answer = await balancer.PredictAsync(new string(' ', 1_048_577));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal(
            "The body is longer than 1048576 bytes, expected at most that. Send several requests.", answer.Detail);
        Assert.Equal(HttpStatusCode.OK, (await balancer.PredictAsync(new string(' ', 1_048_576))).Status);
    }

    [Theory]
    [InlineData(
        "/metrics", "This is a load balancer, and each of its servers counts for itself. Ask them for /metrics.")]
    [InlineData("/admin", "There is no /admin here; what there is says GET /openapi.json.")]
    public async Task NotWhatIsEachServersOwn(string path, string detail)
    {
        await using var server = await StandInServer.StartAsync(Answered);
        await using var balancer = await RunningBalancer.StartAsync(server.Url);

        var answer = await balancer.GetAsync(path);

        Assert.Equal((HttpStatusCode.NotFound, detail), (answer.Status, answer.Detail));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhatTakesAKeyOnlyWithOneWhereOthersReachTheBalancer()
    {
        // It believes that only its own machine reaches it, and demands no key.
        await using var server = await StandInServer.StartAsync(Answered);
        var options = new LoadBalancerOptions { Servers = [server.Url], Urls = ["http://0.0.0.0:0"] };
        await using (var open = await RunningBalancer.StartAsync(options))
        {
            await open.ReadyAsync(1);
            Assert.Equal(HttpStatusCode.Forbidden, (await open.GetAsync("/model")).Status);
            Assert.Equal(HttpStatusCode.OK, (await open.PredictAsync("{}")).Status);
        }
        var keys = Path.GetTempFileName();
        File.WriteAllText(keys, $"ann {ContentHash.Of("a long key").Hex}\n");

        await using var balancer = await RunningBalancer.StartAsync(options with { ApiKeys = keys });
        await balancer.ReadyAsync(1);
        Assert.Equal(HttpStatusCode.Unauthorized, (await balancer.GetAsync("/model")).Status);
        balancer.Client.DefaultRequestHeaders.Add("X-API-Key", "a long key");
        Assert.Equal(HttpStatusCode.OK, (await balancer.GetAsync("/model")).Status);

        Assert.Equal(["", "a long key"], server.Requests.Select(headers => headers.GetValueOrDefault("X-API-Key", "")));
        File.Delete(keys);
    }

    private static Task Answered(HttpContext context)
    {
        context.Response.Headers["X-Answer"] = "1";
        return context.Response.WriteAsync("[]");
    }

    private static Task GoneAway(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
