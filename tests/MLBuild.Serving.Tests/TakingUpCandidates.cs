using System.Text.Json;
using MLBuild.Registry;

namespace MLBuild.Serving.Tests;

/// <summary>A server has a candidate from its first request on, as soon as its artifact is there, and as long as the
/// registry says so.</summary>
public sealed class TakingUpCandidates : IDisposable
{
    private static readonly Ride[] Rides = [.. Enumerable.Range(0, 40).Select(Ride.Number)];

    private readonly ModelPlace _place = new();

    public TakingUpCandidates()
    {
        _place.Deploy(RideModel.Trees);
        _place.Deploy(RideModel.Linear);
        _place.Rollback(1);
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task AServerThatIsStartedAnewHasItFromTheFirstRequest()
    {
        _place.RollOut(RolloutChange.Started, 50);

        await using var server = await RunningServer.StartAsync(_place.Options);

        Assert.InRange(await CandidatesPartAsync(server), 5, 35);
    }

    [Fact]
    public async Task WhatTheFirstLookFindsWrongKeepsNoServerFromStarting()
    {
        _place.Deploy(RideModel.Linear, golden: "[]");
        _place.Rollback(1);
        _place.RollOut(RolloutChange.Started, 50);

        await using var server = await RunningServer.StartAsync(_place.Options);

        Assert.Equal(0, await CandidatesPartAsync(server));
        Assert.Equal(
            "Version 2 of model 'ride-fare' must not serve. These are not golden rows: there are none.",
            (await RolloutAsync(server)).GetProperty("fault").GetString());
    }

    [Fact]
    public async Task WithoutItsRegistryAServerGivesItNothingAfterAWhile()
    {
        _place.RollOut(RolloutChange.Started, 50);
        await using var server = await RunningServer.StartAsync(_place.Options);
        var part = await CandidatesPartAsync(server);
        var registry = await File.ReadAllBytesAsync(_place.RegistryFile);
        await File.WriteAllTextAsync(_place.RegistryFile, new string('x', 5000));

        server.Pass(TimeSpan.FromSeconds(2));
        await server.MetricsOnceAsync("mlbuild_reload_failures_total 1");
        Assert.Equal(part, await CandidatesPartAsync(server));
        await RolloutOnceAsync(server, rollout => rollout.ValueKind == JsonValueKind.Null);
        Assert.Equal(0, await CandidatesPartAsync(server));

        await File.WriteAllBytesAsync(_place.RegistryFile, registry);
        await server.HealthOnceAsync(health => health.GetProperty("status").GetString() == "healthy");
        Assert.Equal(part, await CandidatesPartAsync(server));
        // With what it had counted before: the same keys.
        await _place.StepAsync(server, 1, status => status.Own.Answered == part);
    }

    [Fact]
    public async Task ARegistryWithoutDeploymentsHasNoCandidate()
    {
        _place.RollOut(RolloutChange.Started, 50);
        await using var server = await RunningServer.StartAsync(_place.Options);

        File.Delete(_place.RegistryFile);

        await server.HealthOnceAsync(health => $"{health.GetProperty("fault")}"
            .StartsWith("The registry has no deployments to 'production' any more.", StringComparison.Ordinal));
        Assert.Equal(0, await CandidatesPartAsync(server));
    }

    [Fact]
    public async Task AnArtifactThatIsNotThereYetIsNoFaultOfTheCandidate()
    {
        _place.Damage(RideModel.Linear);
        _place.RollOut(RolloutChange.Started, 50);
        await using var server = await RunningServer.StartAsync(_place.Options);

        Assert.StartsWith(
            "Version 2 of model 'ride-fare' must not serve. Artifact ",
            (await RolloutAsync(server)).GetProperty("fault").GetString(), StringComparison.Ordinal);
        await server.HealthOnceAsync(_ => _place.Registry.Reports("ride-fare", "production").Any());
        Assert.Null(_place.Reported().Candidate);
        Assert.Equal(0, await CandidatesPartAsync(server));

        _place.Restore(RideModel.Linear);

        Assert.Null((await _place.StepAsync(server, 1)).Fault);
        Assert.InRange(await CandidatesPartAsync(server), 5, 35);
    }

    private static async Task<int> CandidatesPartAsync(RunningServer server)
    {
        var part = 0;
        foreach (var ride in Rides)
            part += (await server.PredictAsync(RideJson.Of(ride).ToJsonString())).Version == 2 ? 1 : 0;
        return part;
    }

    private static async Task<JsonElement> RolloutAsync(RunningServer server) =>
        (await server.GetAsync("/model")).Json.GetProperty("rollout");

    private static async Task RolloutOnceAsync(RunningServer server, Func<JsonElement, bool> isReached)
    {
        for (var round = 0; round < 100_000; round++)
        {
            server.Pass(TimeSpan.FromSeconds(2));
            if (isReached(await RolloutAsync(server)))
                return;
        }
        Assert.Fail($"Looks changed nothing: {await RolloutAsync(server)}");
    }
}
