using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Serving.Tests;

/// <summary>What must be right before a server answers.</summary>
public sealed class StartingServers : IDisposable
{
    private readonly ModelPlace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void NothingDeployed()
    {
        _place.Deploy(RideModel.Trees, RideModel.Trees.Golden, environment: "staging");

        Assert.Equal(
            "Nothing is deployed to 'production'. Run ./build.sh Deploy --model-version N first.", Refusal());
    }

    [Fact]
    public void NoRegistry() => Assert.Equal(
        "Nothing is deployed to 'production'. Run ./build.sh Deploy --model-version N first.", Refusal());

    [Fact]
    public void ARegistryWhoseServerIsNotThere()
    {
        // Port 1 is given to nobody who asks for any port.
        Assert.Equal(
            "Registry in PostgreSQL database 'models' on 127.0.0.1:1 cannot be reached: nothing listens there. "
            + "Start the server, or correct Host and Port.",
            Refusal(_place.Options with
            {
                Registry = RegistryPlace.Parse("Host=127.0.0.1;Port=1;Database=models", _place.Store),
            }));
    }

    [Fact]
    public void ARegistryWhoseConnectionStringIsWrong() => Assert.Equal(
        "The connection string of the registry in PostgreSQL database 'models' on db:5432 has 'usrname', of which "
        + "Npgsql does not know the name or the value. Correct it, or leave it out.",
        Refusal(_place.Options with
        {
            Registry = RegistryPlace.Parse("Host=db;Database=models;Usrname=ml", _place.Store),
        }));

    [Fact]
    public void AnEnvironmentThatIsNoName() => Assert.Equal(
        "The registry was not asked: environment 'Production' is not a name, "
        + "expected 1 to 100 of a-z, 0-9, '-', '_' and '.', starting with a letter or digit.",
        Refusal(_place.Options with { Environment = "Production" }));

    [Fact]
    public async Task AnotherEnvironment()
    {
        _place.Deploy(RideModel.Trees);
        _place.Deploy(RideModel.Linear, RideModel.Linear.Golden, environment: "staging");

        await using var server = await RunningServer.StartAsync(_place.Options with { Environment = "staging" });

        Assert.Equal(2, (await server.GetAsync("/health/ready")).Version);
    }

    [Fact]
    public void GoldenRowsThatScoreOtherwise()
    {
        _place.Deploy(RideModel.Linear, RideModel.Trees.Golden);

        var refusal = Refusal();
        Assert.StartsWith(
            "Version 1 of model 'ride-fare' must not serve. Golden row 0 (of 20; 20 differ) scores ", refusal);
        Assert.EndsWith(
            " This is another model, or another class of machine than the one that registered it.", refusal);
    }

    [Fact]
    public void OneBitOfOneGoldenScore()
    {
        var golden = RideModel.Trees.Golden;
        var at = golden.IndexOf("\"score\":", StringComparison.Ordinal) + "\"score\":".Length;
        var end = golden.IndexOf('}', at);
        var changed = FormattableString.Invariant($"{MathF.BitIncrement(float.Parse(golden[at..end])):R}");
        _place.Deploy(RideModel.Trees, golden[..at] + changed + golden[end..]);

        Assert.StartsWith(
            "Version 1 of model 'ride-fare' must not serve. Golden row 0 (of 20; 1 differ) scores ", Refusal());
    }

    [Fact]
    public void GoldenRowsThatAreMissing()
    {
        _place.Deploy(RideModel.Trees, golden: null);

        Assert.Equal(
            "Version 1 of model 'ride-fare' must not serve. "
            + "It has no 'golden.json' to prove that it scores here as it did there. "
            + "Register it again: ./build.sh Register.",
            Refusal());
    }

    [Fact]
    public void GoldenRowsThatAreNone()
    {
        _place.Deploy(RideModel.Trees, golden: "[]");

        Assert.Equal(
            "Version 1 of model 'ride-fare' must not serve. These are not golden rows: there are none.", Refusal());
    }

    [Fact]
    public void FeatureCodeThatIsMissing()
    {
        _place.Deploy(RideModel.Trees, "production", ("golden.json", RideModel.Trees.Golden));

        Assert.Equal(
            "Version 1 of model 'ride-fare' must not serve. "
            + "It has no 'features.code.txt' to prove that its features are computed here as they were there. "
            + "Register it again: ./build.sh Register.",
            Refusal());
    }

    [Fact]
    public void FeatureCodeThatIsNone()
    {
        _place.Deploy(RideModel.Trees, "production",
            ("golden.json", RideModel.Trees.Golden), ("features.code.txt", "something"));

        Assert.Equal(
            "Version 1 of model 'ride-fare' must not serve. "
            + "This text is not a recipe of this version of MLBuild.",
            Refusal());
    }

    [Fact]
    public void WhatTrainingRowsToldThatIsMissing()
    {
        var model = RideModel.OfFittedFeatures;
        _place.Deploy(model, "production", state: null,
            ("golden.json", model.Golden), ("features.code.txt", model.Code));

        Assert.Equal(
            "Version 1 of model 'ride-fare' must not serve. "
            + "It has no 'features.state' to compute its features with. Register it again: ./build.sh Register.",
            Refusal(_place.Options, Ride.Definition with { Features = Ride.FittedFeatures }));
    }

    [Fact]
    public void WhatTrainingRowsToldOfOtherFeatures()
    {
        var model = RideModel.OfFittedFeatures;
        _place.Deploy(model, "production", RideModel.Trees.State,
            ("golden.json", model.Golden), ("features.code.txt", model.Code));

        Assert.Equal(
            "Version 1 of model 'ride-fare' must not serve. "
            + "Feature 'zone_fare' needs 'zone_fare' of training rows, and the state that came with the model has "
            + "nothing. Train again, or use the feature code that the model was trained with.",
            Refusal(_place.Options, Ride.Definition with { Features = Ride.FittedFeatures }));
    }

    [Fact]
    public void ADamagedModel()
    {
        _place.Deploy(RideModel.Trees);
        _place.Damage(RideModel.Trees);

        var hash = ContentHash.Of(RideModel.Trees.Bytes);
        var refusal = Refusal();
        Assert.StartsWith(
            $"Version 1 of model 'ride-fare' must not serve. Artifact {hash.Short} is corrupt: its bytes hash to ",
            refusal);
        // Quarantined: it cannot be served by any other way either.
        Assert.Equal(
            $"Version 1 of model 'ride-fare' must not serve. Artifact {hash.Short} is not in the store.", Refusal());
    }

    [Fact]
    public void OptionsOutOfRange()
    {
        var options = new ServingOptions
        {
            Store = Path.Combine(_place.Store, "none"),
            Registry = new RegistryPlace.File(_place.RegistryFile),
            Urls = ["https://127.0.0.1:1"],
            Limits = new()
            {
                MaxBodyBytes = 0,
                MaxRows = 100_001,
                MaxScoring = 0,
                MaxWaiting = -1,
                MaxConnections = 0,
                RequestTimeout = TimeSpan.Zero,
                DrainTime = TimeSpan.FromHours(1),
            },
            PollInterval = TimeSpan.FromSeconds(11),
        };

        Assert.Equal(
            $"The server cannot start: --store is '{options.Store}', expected a folder: the store of the build that "
            + "deploys the model; --urls has 'https://127.0.0.1:1', expected something like http://127.0.0.1:8090; "
            + "several are separated by ';'; "
            + "MaxBodyBytes is 0, expected 1 to 100000000; MaxRows is 100001, expected 1 to 100000; "
            + "MaxScoring is 0, expected 1 to 1000; MaxWaiting is -1, expected 0 to 100000; "
            + "MaxConnections is 0, expected 1 to 100000; RequestTimeout is 00:00:00, expected 0.1 s to 10 min; "
            + "DrainTime is 01:00:00, expected 0 s to 5 min; "
            + "PollInterval is 00:00:11, expected 0.1 s to 10 s.",
            Refusal(options));
    }

    [Fact]
    public async Task WhatTheProgramSetsIsCheckedAsTheCommandLineIs()
    {
        _place.Deploy(RideModel.Trees);
        string[] args = ["--store", _place.Store, "--registry", _place.RegistryFile, "--urls", "http://127.0.0.1:0"];

        Assert.Equal(1, await ModelServer.RunAsync(
            args, Ride.Definition, Ride.Served, options => options with { Limits = new() { MaxRows = 0 } }));
    }

    private string Refusal() => Refusal(_place.Options);

    private static string Refusal(ServingOptions options) => Refusal(options, Ride.Definition);

    private static string Refusal(ServingOptions options, ModelDefinition<Ride> definition) =>
        Assert.Throws<ServingException>(
            () => ModelServer.Build(options, definition, Ride.Served, new ManualClock())).Message;
}
