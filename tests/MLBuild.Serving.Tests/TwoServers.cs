using System.Globalization;
using System.Text.RegularExpressions;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Stages.Tests.Site;

namespace MLBuild.Serving.Tests;

/// <summary>Two servers, each a process, that follow one registry, in which a second version answers half of the
/// keys.</summary>
public sealed partial class TwoServers : IAsyncLifetime
{
    private readonly ModelPlace _place = new();
    private readonly ServerProcess[] _processes = new ServerProcess[2];

    /// <summary>Where they listen.</summary>
    public string[] Urls { get; } = new string[2];

    public async Task InitializeAsync()
    {
        _place.Deploy(RideModel.Trees);
        _place.Deploy(RideModel.Linear);
        _place.Rollback(1);
        _place.Registry.RollOut(new("ride-fare", "production", 2, RolloutChange.Started, "ann", "a test")
        {
            Percent = 50,
            Strategy = RolloutStrategy.Canary,
        });
        for (var i = 0; i < Urls.Length; i++)
            _processes[i] = Start(Urls[i] = $"http://127.0.0.1:{FreePort.Find()}");
        for (var i = 0; i < Urls.Length; i++)
            Assert.Equal(Urls[i], UrlOf(_processes[i]));
        using var client = new HttpClient();
        foreach (var url in Urls)
        {
            await RunningBalancer.OnceAsync(async () =>
                (await client.GetStringAsync($"{url}/model")).Contains("\"rollout\":{", StringComparison.Ordinal));
        }
    }

    public Task DisposeAsync()
    {
        foreach (var process in _processes)
            process?.Dispose();
        _place.Dispose();
        return Task.CompletedTask;
    }

    public void Kill(int server) => _processes[server].Kill();

    /// <summary>Tells it to stop, and waits for that.</summary>
    public void Stop(int server)
    {
        _processes[server].Terminate();
        Assert.Equal(0, _processes[server].End().ExitCode);
    }

    /// <summary>Starts one that has ended anew, in the same place, and waits until it serves.</summary>
    public void StartAnew(int server)
    {
        _processes[server].Dispose();
        _processes[server] = Start(Urls[server]);
        Assert.Equal(Urls[server], UrlOf(_processes[server]));
    }

    /// <summary>Requests that a server says it has answered, by version.</summary>
    public async Task<Dictionary<int, int>> AnsweredAsync(int server)
    {
        using var client = new HttpClient();
        return AnsweredPattern.Matches(await client.GetStringAsync($"{Urls[server]}/metrics")).ToDictionary(
            match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
            match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    // It may have something to say of the rollout before it serves.
    private static string UrlOf(ServerProcess process)
    {
        while (process.ReadLine() is { } line)
        {
            if (UrlPattern.Match(line) is { Success: true } url)
                return url.Value;
        }
        throw new InvalidOperationException($"A server did not start: {process.End().Error}");
    }

    private ServerProcess Start(string url) =>
        new("--store", _place.Store, "--registry", _place.RegistryFile, "--urls", url);

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+")]
    private static partial Regex UrlPattern { get; }

    [GeneratedRegex("""mlbuild_predict_duration_seconds_count\{status="200",version="([0-9]+)"\} ([0-9]+)""")]
    private static partial Regex AnsweredPattern { get; }
}
