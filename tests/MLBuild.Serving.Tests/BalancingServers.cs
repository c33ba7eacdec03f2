using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;

namespace MLBuild.Serving.Tests;

/// <summary>Two servers, each a process, behind a load balancer and under requests: one goes, and comes back.</summary>
public sealed partial class BalancingServers : IDisposable
{
    private readonly ModelPlace _place = new();

    public BalancingServers() => _place.Deploy(RideModel.Trees);

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task AServerThatIsKilledLosesWhatItHad()
    {
        using var first = Start();
        using var second = Start();
        var (firstUrl, secondUrl) = (UrlOf(first), UrlOf(second));
        await using var balancer = await RunningBalancer.StartAsync(firstUrl, secondUrl);
        var senders = new Senders(balancer.Client, count: 8);
        await senders.MoreAsync(200);
        Assert.True(await AnsweredAsync(firstUrl) > 0 && await AnsweredAsync(secondUrl) > 0);

        first.Kill();
        var killed = Stopwatch.GetTimestamp();
        await senders.MoreAsync(200);
        Assert.Equal(
            """{"status":"degraded","ready":1,"servers":2}""", (await balancer.ReadyAsync(1)).Json.GetRawText());
        using var again = Start(firstUrl);
        UrlOf(again);
        await RunningBalancer.OnceAsync(async () => await AnsweredAsync(firstUrl) > 0);
        Assert.Equal(
            """{"status":"healthy","ready":2,"servers":2}""", (await balancer.ReadyAsync(2)).Json.GetRawText());

        var lost = (await senders.StopAsync()).Where(sent => sent.IsLost).ToArray();
        Assert.InRange(lost.Length, 0, senders.Count);
        // Whoever came after it was gone got an answer, from the other or from the one that was started anew.
        Assert.All(lost, sent => Assert.True(sent.Began < killed, $"{sent} began after {killed}"));
        Assert.All(lost, sent => Assert.True(sent.Status is null or HttpStatusCode.BadGateway, $"{sent}"));
    }

    [SkippedOnWindowsFact]
    public async Task AServerThatIsToldToStopLosesNothing()
    {
        using var first = Start();
        using var second = Start();
        var (firstUrl, secondUrl) = (UrlOf(first), UrlOf(second));
        using var process = new ServerProcess(
            "balance", "--servers", $"{firstUrl};{secondUrl}/", "--urls", "http://127.0.0.1:0");
        string[] lines = [process.ReadLine()!, process.ReadLine()!, process.ReadLine()!];
        using var client = new HttpClient { BaseAddress = new(UrlPattern.Matches(string.Join('\n', lines))[^1].Value) };
        var senders = new Senders(client, count: 8);
        await senders.MoreAsync(200);

        first.Terminate();
        Assert.Equal(0, first.End().ExitCode);
        await senders.MoreAsync(200);

        var sent = await senders.StopAsync();
        Assert.All(sent, each => Assert.False(each.IsLost, $"{each}"));
        process.Terminate();
        var (output, error, exitCode) = process.End();
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Equal("", output + string.Join('\n', lines));
    }

    [Fact]
    public async Task ARolloutIsTheSameWhicheverServerAnswers()
    {
        _place.Deploy(RideModel.Linear);
        _place.Rollback(1);
        _place.Registry.RollOut(new("ride-fare", "production", 2, RolloutChange.Started, "ann", "a test")
        {
            Percent = 50,
            Strategy = RolloutStrategy.Canary,
        });
        using var first = Start();
        using var second = Start();
        string[] servers = [UrlOf(first), UrlOf(second)];
        await using var balancer = await RunningBalancer.StartAsync(servers);
        await balancer.ReadyAsync(2);
        using var client = new HttpClient();
        foreach (var server in servers)
        {
            await RunningBalancer.OnceAsync(async () =>
                (await client.GetStringAsync($"{server}/model")).Contains("\"rollout\":{", StringComparison.Ordinal));
        }

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
        foreach (var server in servers)
        {
            Assert.True(await AnsweredAsync(server, version: 1) > 0, $"{server} answered none with version 1");
            Assert.True(await AnsweredAsync(server, version: 2) > 0, $"{server} answered none with version 2");
        }
    }

    private ServerProcess Start(string url = "http://127.0.0.1:0") =>
        new("--store", _place.Store, "--registry", _place.RegistryFile, "--urls", url);

    private static string UrlOf(ServerProcess server) => UrlPattern.Match(server.ReadLine()!).Value;

    // Requests that a server says it has answered.
    private static async Task<int> AnsweredAsync(string server, int version = 1)
    {
        using var client = new HttpClient();
        var count = Regex.Match(
            await client.GetStringAsync($"{server}/metrics"),
            $@"mlbuild_predict_duration_seconds_count{{status=""200"",version=""{version}""}} ([0-9]+)");
        return count.Success ? int.Parse(count.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+")]
    private static partial Regex UrlPattern { get; }
}
