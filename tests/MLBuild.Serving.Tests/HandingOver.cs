using System.Text.RegularExpressions;
using MLBuild.Engine.Tests.Commands;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;

namespace MLBuild.Serving.Tests;

/// <summary>Servers of two revisions, each a process, behind one load balancer: a version of the new revision's feature
/// code takes the place of one of the old, and back, and no request is lost.</summary>
public sealed partial class HandingOver : IDisposable
{
    private static readonly string OneRide = RideJson.Of(Ride.Number(1)).ToJsonString();

    private readonly ModelPlace _place = new();
    private readonly List<ServerProcess> _processes = [];

    public HandingOver()
    {
        // The second version is registered by deploying it.
        _place.Deploy(RideModel.Trees);
        _place.Deploy(RideModel.OfOtherFeatures);
        _place.Rollback(1);
    }

    public void Dispose()
    {
        foreach (var process in _processes)
            process.Dispose();
        _place.Dispose();
    }

    [Fact]
    public async Task NoRequestIsLostOnTheWayToOtherCodeAndBack()
    {
        string[] urls = [Start(), Start(), Start("other-code"), Start("other-code")];
        await using var balancer = await RunningBalancer.StartAsync(urls);
        await balancer.ReadyAsync(2);
        var senders = new Senders(balancer.Client, count: 8);
        await senders.MoreAsync(200);

        _place.RollOut(RolloutChange.Started, strategy: RolloutStrategy.BlueGreen);
        await OnceAsync(live => live.Count(server => server.Candidate?.IsReady == true) == 2
            && live.Count(server => server.Candidate?.IsOfOtherCode == true) == 2);
        Assert.Equal(1, (await balancer.PredictAsync(OneRide)).Version);
        await senders.MoreAsync(200);

        _place.RollOut(RolloutChange.Promoted);
        await RelievedAsync(urls[..2], urls[2..]);
        Assert.Equal("healthy", await StatusAsync(urls[2]));
        await balancer.ReadyAsync(2);
        Assert.Equal(2, (await balancer.PredictAsync(OneRide)).Version);
        await senders.MoreAsync(200);
        // Who sent its requests past the balancer still gets an answer.
        using (var client = new HttpClient { BaseAddress = new(urls[0]) })
        using (var content = new StringContent(OneRide, null, "application/json"))
        using (var response = await client.PostAsync("/predict", content))
            Assert.Equal(1, (await Answer.OfAsync(response)).Version);

        _place.Rollback(1);
        await RelievedAsync(urls[2..], urls[..2]);
        await balancer.ReadyAsync(2);
        Assert.Equal(1, (await balancer.PredictAsync(OneRide)).Version);
        await senders.MoreAsync(200);

        Assert.All(await senders.StopAsync(), sent => Assert.False(sent.IsLost, $"{sent}"));
    }

    [UnixFact]
    public async Task WhereTheNewServersEndTheOldOneAnswersAgain()
    {
        string[] urls = [Start(), Start("other-code")];
        _place.RollOut(RolloutChange.Started, strategy: RolloutStrategy.BlueGreen);
        await OnceAsync(live => live.Count(server => server.Candidate?.IsReady == true) == 1);
        _place.RollOut(RolloutChange.Promoted);
        await RelievedAsync(urls[..1], urls[1..]);

        _processes[1].Terminate();

        await RunningBalancer.OnceAsync(async () => await StatusAsync(urls[0]) == "degraded");
    }

    // Somebody is ready whenever it is looked.
    private static Task RelievedAsync(string[] from, string[] to) => RunningBalancer.OnceAsync(async () =>
    {
        var before = await Task.WhenAll(from.Select(StatusAsync));
        var after = await Task.WhenAll(to.Select(StatusAsync));
        // Looked at in this order: whoever was not ready then is relieved by one that is ready now.
        Assert.Contains(before.Concat(after), status => status != "standby");
        return before.All(status => status == "standby") && after.All(status => status == "healthy");
    });

    private static async Task<string> StatusAsync(string url)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync($"{url}/health/ready");
        return (await Answer.OfAsync(response)).Json.GetProperty("status").GetString()!;
    }

    private Task OnceAsync(Func<ServerStatus[], bool> holds) => RunningBalancer.OnceAsync(() => Task.FromResult(holds(
    [
        .. _place.Registry.Reports("ride-fare", "production")
            .Select(report => ServerStatus.FromJson(report.Content)).Where(status => !status.HasEnded),
    ])));

    private string Start(params string[] what)
    {
        var process = new ServerProcess(
            [.. what, "--store", _place.Store, "--registry", _place.RegistryFile, "--urls", "http://127.0.0.1:0"]);
        _processes.Add(process);
        while (process.ReadLine() is { } line)
        {
            if (UrlPattern.Match(line) is { Success: true } url)
                return url.Value;
        }
        throw new InvalidOperationException($"A server did not start: {process.End().Error}");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+")]
    private static partial Regex UrlPattern { get; }
}
