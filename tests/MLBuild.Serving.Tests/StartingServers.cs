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

        Assert.Equal(2, (await server.GetAsync("/health")).Version);
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
    public void OtherFeaturesThanTheCodeComputes()
    {
        _place.Deploy(RideModel.OfOtherFeatures);

        Assert.Equal(
            "Version 1 of model 'ride-fare' must not serve. "
            + "The features computed are not those the model was trained with: "
            + "'weekday' is missing; 'zone' is extra; 'hour' is extra; 'passengers' is extra; "
            + "'shared' is extra; 'flagged' is extra; 'meter' is extra. "
            + "Train again, or use the feature code that the model was trained with.",
            Refusal());
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
            Registry = _place.RegistryFile,
            Urls = ["https://127.0.0.1:1"],
            MaxBodyBytes = 0,
            MaxRows = 100_001,
            PollInterval = TimeSpan.Zero,
        };

        Assert.Equal(
            $"The server cannot start: --store is '{options.Store}', expected a folder: the store of the build that "
            + "deploys the model; --urls has 'https://127.0.0.1:1', expected something like http://127.0.0.1:8090; "
            + "several are separated by ';'; "
            + "MaxBodyBytes is 0, expected 1 to 100000000; MaxRows is 100001, expected 1 to 100000; "
            + "PollInterval is 00:00:00, expected 0.1 s to 1 h.",
            Refusal(options));
    }

    private string Refusal() => Refusal(_place.Options);

    private static string Refusal(ServingOptions options) => Assert.Throws<ServingException>(
        () => ModelServer.Build(options, Ride.Definition, Ride.Served, new ManualClock())).Message;
}
