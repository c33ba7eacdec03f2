using System.Net;
using System.Text.Json;
using MLBuild.Learning.Features;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Serving.Tests;

/// <summary>A server whose feature code is not that of what is deployed waits for a version of its own code.</summary>
public sealed class StandingBy : IDisposable
{
    private const string Nothing =
        "This server stands by: what is deployed was trained with other feature code than it computes with. "
        + "Send it to a server of that revision, or again once a version of this one is deployed.";

    private static readonly string OneRide = RideJson.Of(Ride.Number(1)).ToJsonString();

    private readonly ModelPlace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task ItListensAndIsNotReady()
    {
        _place.Deploy(RideModel.OfOtherFeatures);

        await using var server = await RunningServer.StartAsync(_place.Options);

        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/live")).Status);
        var ready = await server.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Equal("standby", ready.Json.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, ready.Json.GetProperty("version").ValueKind);
        Assert.StartsWith(
            Otherwise(RideModel.OfOtherFeatures.Code), ready.Json.GetProperty("fault").GetString(),
            StringComparison.Ordinal);
        using var content = new StringContent(OneRide, null, "application/json");
        using var predicted = await server.Client.PostAsync("/predict", content);
        Assert.Equal(TimeSpan.FromSeconds(1), predicted.Headers.RetryAfter!.Delta);
        Answer[] answers =
            [await Answer.OfAsync(predicted), await server.GetAsync("/model"), await server.GetAsync("/openapi.json")];
        foreach (var answer in answers)
            Assert.Equal(
                (HttpStatusCode.ServiceUnavailable, "application/problem+json", Nothing),
                (answer.Status, answer.MediaType, answer.Detail));
        Assert.Contains("\nmlbuild_model_version 0\n", await server.MetricsAsync(), StringComparison.Ordinal);
        await server.HealthOnceAsync(_ => _place.Registry.Reports("ride-fare", "production").Any());
        var said = _place.Reported();
        Assert.Equal((null, null, true, null), (said.Version, said.Fault, said.StandsBy, said.Candidate));
    }

    [Fact]
    public async Task OtherCodeOfTheSameFeaturesIsOtherCode()
    {
        var others = Ride.Features.Names.Aggregate(new FeatureSet<Ride>(), (set, name) => name switch
        {
            "zone" or "shared" => set.Categorical(name, ride => ride.Zone),
            _ => set.Numeric(name, ride => ride.Distance),
        });
        _place.Deploy(RideModel.Trees, "production",
            ("golden.json", RideModel.Trees.Golden), ("features.code.txt", RideModel.CodeOf(others)));

        await using var server = await RunningServer.StartAsync(_place.Options);

        var fault = (await server.GetAsync("/health/ready")).Json.GetProperty("fault").GetString()!;
        Assert.StartsWith(Otherwise(RideModel.CodeOf(others)), fault, StringComparison.Ordinal);
        Assert.EndsWith(
            ". Run the server of the revision that trained the model, or train with this one's code: "
            + "./build.sh Register.",
            fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItHasTheCandidateReadyAndAnswersOnceThatIsDeployed()
    {
        TwoRevisions();
        await using var server = await RunningServer.StartAsync(_place.Options, Ride.OtherDefinition);
        _place.RollOut(RolloutChange.Started, strategy: RolloutStrategy.BlueGreen);

        Assert.True((await _place.StepAsync(server, 1)).IsReady);
        Assert.True(_place.Reported().StandsBy);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.PredictAsync(OneRide)).Status);

        _place.RollOut(RolloutChange.Promoted);
        var health = await server.ServesAsync(2);
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal(2, (await server.PredictAsync(OneRide)).Version);
        await server.HealthOnceAsync(_ => _place.Reported() is { Version: 2, StandsBy: false });
    }

    [Fact]
    public async Task ACandidateThatIsDamagedIsAFaultHereToo()
    {
        TwoRevisions(golden: "[]");
        await using var server = await RunningServer.StartAsync(_place.Options, Ride.OtherDefinition);
        _place.RollOut(RolloutChange.Started, strategy: RolloutStrategy.BlueGreen);

        Assert.Equal(
            "Version 2 of model 'ride-fare' must not serve. These are not golden rows: there are none.",
            (await _place.StepAsync(server, 1)).Fault);
    }

    [Fact]
    public async Task ACandidateOfOtherCodeIsNoFaultAndWhatServesGoesOnAlone()
    {
        TwoRevisions();
        await using var server = await RunningServer.StartAsync(_place.Options);
        _place.RollOut(RolloutChange.Started, strategy: RolloutStrategy.BlueGreen);

        var candidate = await _place.StepAsync(server, 1);

        Assert.Equal((null, true, false), (candidate.Fault, candidate.IsOfOtherCode, candidate.IsReady));
        Assert.False(_place.Reported().StandsBy);
        // Nobody answers with what is deployed then: an older answer is better than none.
        _place.RollOut(RolloutChange.Promoted);
        var health = await server.HealthOnceAsync(health => health.GetProperty("status").GetString() == "degraded");
        Assert.StartsWith(
            Otherwise(RideModel.OfOtherFeatures.Code, version: 2), health.GetProperty("fault").GetString(),
            StringComparison.Ordinal);
        await server.HealthOnceAsync(_ => _place.Reported().StandsBy);
        Assert.Equal((1, null), (_place.Reported().Version, _place.Reported().Fault));
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/ready")).Status);
        Assert.Equal(1, (await server.PredictAsync(OneRide)).Version);
        Assert.Contains("\nmlbuild_reload_failures_total 0\n", await server.MetricsAsync(), StringComparison.Ordinal);

        _place.Rollback(1);
        await server.HealthOnceAsync(health => health.GetProperty("status").GetString() == "healthy");
    }

    [Fact]
    public async Task ItIsReadyUntilAnotherServerHasAnsweredWithWhatIsDeployedForAWhile()
    {
        TwoRevisions();
        await using var server = await RunningServer.StartAsync(
            _place.Options with { Limits = _place.Options.Limits with { DrainTime = TimeSpan.FromSeconds(11) } });
        // Never silent by the server's clock.
        var clock = new ManualClock();
        clock.Advance(TimeSpan.FromDays(1));
        var registry = new SqliteModelRegistry(_place.RegistryFile, clock);
        void Report(string name, ServerStatus status) =>
            registry.Report("ride-fare", "production", name, status.ToJson());
        registry.Report("ride-fare", "production", "of another program", "{}");
        Report("old", new("web2", 1, 1, null));
        Report("new", new("web3", 1, null, null) { StandsBy = true });
        _place.Rollback(2);
        for (var look = 0; look < 20; look++)
            await server.HealthOnceAsync(health => health.GetProperty("status").GetString() == "degraded");

        Report("new", new("web3", 1, 2, null));
        var looks = 0;
        await server.HealthOnceAsync(health =>
        {
            looks++;
            return health.GetProperty("status").GetString() == "standby";
        });

        // Each passes 2 s, and a look that had begun may have seen the other one before the first.
        Assert.InRange(looks, 6, int.MaxValue);
        Assert.Equal(1, (await server.PredictAsync(OneRide)).Version);
        Report("old", new("web2", 1, 1, null) { StandsBy = true });
        Report("new", new("web3", 1, 2, null) { HasEnded = true });
        await server.HealthOnceAsync(health => health.GetProperty("status").GetString() == "degraded");
    }

    // The second version is registered by deploying it.
    private void TwoRevisions(string? golden = null)
    {
        _place.Deploy(RideModel.Trees);
        _place.Deploy(RideModel.OfOtherFeatures, golden ?? RideModel.OfOtherFeatures.Golden);
        _place.Rollback(1);
    }

    private static string Otherwise(string code, int version = 1) =>
        $"Version {version} of model 'ride-fare' must not serve. It was trained with feature code "
        + $"{ContentHash.Of(code).Short}, and this server computes features with "
        + $"{ContentHash.Of(RideModel.Trees.Code).Short}: ";
}
