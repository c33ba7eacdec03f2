using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using MLBuild.Engine.Tests.Commands;

namespace MLBuild.Serving.Tests;

/// <summary>Servers behind a load balancer, which has them answer in turn: one goes, and comes back.</summary>
public sealed partial class BalancingServers(TwoServers servers) : IClassFixture<TwoServers>
{
    [Fact]
    public async Task AServerThatIsKilledLosesWhatItHadAndComesBack()
    {
        await using var balancer = await RunningBalancer.StartAsync(servers.Urls);
        await balancer.ReadyAsync(2);
        var senders = new Senders(balancer.Client, count: 8);
        await senders.MoreAsync(200);
        Assert.NotEmpty(await servers.AnsweredAsync(0));

        servers.Kill(0);
        var killed = Stopwatch.GetTimestamp();
        await senders.MoreAsync(200);
        Assert.Equal(
            """{"status":"degraded","ready":1,"servers":2}""", (await balancer.ReadyAsync(1)).Json.GetRawText());
        servers.StartAnew(0);
        await RunningBalancer.OnceAsync(async () => (await servers.AnsweredAsync(0)).Count > 0);
        Assert.Equal(
            """{"status":"healthy","ready":2,"servers":2}""", (await balancer.ReadyAsync(2)).Json.GetRawText());

        // Whoever came after it was gone got an answer, from the other one or from the one that was started anew.
        var lost = (await senders.StopAsync()).Where(sent => sent.IsLost).ToArray();
        Assert.All(lost, sent => Assert.True(sent.Began < killed, $"{sent} began after {killed}"));
        Assert.All(lost, sent => Assert.True(sent.Status is null or HttpStatusCode.BadGateway, $"{sent}"));
        // One on each connection, and perhaps another one while it was still closing them.
        Assert.InRange(lost.Length, 0, 2 * senders.Count);
    }

    [UnixFact]
    public async Task AServerThatIsToldToStopLosesNothing()
    {
        await using var idle = await StandInServer.StartAsync(
            _ => throw new InvalidOperationException(), ready: StatusCodes.Status503ServiceUnavailable);
        using var process = new ServerProcess(
            "balance", "--servers", $"{servers.Urls[0]};{servers.Urls[1]}/;{idle.Url}", "--urls", "http://127.0.0.1:0");
        // Servers are found to be ready before and after it listens.
        var begun = Enumerable.Range(0, 4).Select(_ => TimePattern.Replace(process.ReadLine()!, "")).Order().ToArray();
        var url = PlacePattern.Match(begun[0]).Groups[1].Value;
        using var client = new HttpClient { BaseAddress = new(url) };
        var senders = new Senders(client, count: 8);
        await senders.MoreAsync(200);

        servers.Stop(0);
        await senders.MoreAsync(200);
        var sent = await senders.StopAsync();

        Assert.All(sent, each => Assert.False(each.IsLost, $"{each}"));
        process.Terminate();
        var (output, error, exitCode) = process.End();
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Equal(
            [
                $"info: Balancing {servers.Urls[0]} and {servers.Urls[1]} and {idle.Url}, on {url}.",
                .. servers.Urls.Order().Select(server => $"info: {server} is ready."),
                $"warn: {idle.Url} is not ready: it says 503.",
            ],
            begun);
        // It says 503 too, unless it was gone before it was asked.
        Assert.Matches(
            $@"^warn: {servers.Urls[0]} is not ready: .+\n"
            + @"info: Not ready any more; requests are answered for another 1 s\.\ninfo: Stopped\.\n$",
            TimePattern.Replace(output, ""));
        Assert.Empty(idle.Requests);
        Assert.Empty(process.LeftAtHome);
        servers.StartAnew(0);
    }

    [Fact]
    public async Task ARolloutIsTheSameWhicheverServerAnswers()
    {
        await using var balancer = await RunningBalancer.StartAsync(servers.Urls);
        await balancer.ReadyAsync(2);
        var before = await AnsweredAsync();

        // Twice: often another server answers the second time.
        foreach (var ride in Enumerable.Range(0, 100).Select(Ride.Number))
        {
            var json = RideJson.Of(ride).ToJsonString();
            var (one, other) = (await balancer.PredictAsync(json), await balancer.PredictAsync(json));

            Assert.Equal(one.Version, other.Version);
            var model = one.Version == 2 ? RideModel.Linear.Model : RideModel.Trees.Model;
            Assert.Equal([ride.ScoreBy(model)], one.Predictions);
            Assert.Equal(one.Predictions, other.Predictions);
        }

        // Each server answered with each version.
        var after = await AnsweredAsync();
        Assert.All(before.Zip(after), pair => Assert.True(pair.First < pair.Second, $"{pair}"));
    }

    // Of each server, by each version.
    private async Task<int[]> AnsweredAsync()
    {
        var (first, second) = (await servers.AnsweredAsync(0), await servers.AnsweredAsync(1));
        return [.. from server in new[] { first, second }
            from version in new[] { 1, 2 }
            select server.GetValueOrDefault(version)];
    }

    [GeneratedRegex(@"(?m)^[-0-9]{10} [:0-9]{8}Z |MLBuild\.Serving\[0\] ")]
    private static partial Regex TimePattern { get; }

    [GeneratedRegex(@", on (http://127\.0\.0\.1:[0-9]+)\.")]
    private static partial Regex PlacePattern { get; }
}
