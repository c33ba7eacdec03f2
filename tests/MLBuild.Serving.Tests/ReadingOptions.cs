using MLBuild.Registry;

namespace MLBuild.Serving.Tests;

/// <summary>The command line of a server.</summary>
public sealed class ReadingOptions : IDisposable
{
    private readonly ModelPlace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void AllOfThem()
    {
        var options = ServingOptions.Parse(
            [
                "--urls", "http://127.0.0.1:1;http://[::1]:2", "--environment", "staging", "--registry", "r.db",
                "--store", _place.Store, "--prediction-log", "predictions", "--api-keys", "keys.txt",
            ],
            folder: Path.GetTempPath());

        Assert.Equal(_place.Store, options.Store);
        Assert.Equal(new RegistryPlace.File(Path.Combine(Path.GetTempPath(), "r.db")), options.Registry);
        Assert.Equal(Path.Combine(Path.GetTempPath(), "predictions"), options.PredictionLog!.Folder);
        Assert.Equal(Path.Combine(Path.GetTempPath(), "keys.txt"), options.ApiKeys);
        Assert.Equal("staging", options.Environment);
        Assert.Equal(["http://127.0.0.1:1", "http://[::1]:2"], options.Urls);
    }

    [Fact]
    public void NoneOfThem()
    {
        var store = Path.Combine(_place.Store, ".nuke", "mlbuild");
        Directory.CreateDirectory(store);

        var options = ServingOptions.Parse([], folder: _place.Store);

        Assert.Equal(store, options.Store);
        Assert.Equal(new RegistryPlace.File(Path.Combine(store, "registry.db")), options.Registry);
        Assert.Equal("production", options.Environment);
        Assert.Equal(["http://127.0.0.1:8090"], options.Urls);
        Assert.Null(options.PredictionLog);
        Assert.Null(options.ApiKeys);
        Assert.Equal(1_048_576, options.Limits.MaxBodyBytes);
        Assert.Equal(1_000, options.Limits.MaxRows);
        Assert.Equal(TimeSpan.FromSeconds(2), options.PollInterval);
    }

    [Fact]
    public void ARegistryInPostgreSqlWhosePasswordIsNotShown()
    {
        const string connection = "Host=db;Database=models;Username=ml;Password=secret";

        var options = ServingOptions.Parse(["--registry", connection, "--store", _place.Store], _place.Store);

        Assert.Equal(connection, options.Registry.AsArgument());
        Assert.Contains("Registry = in PostgreSQL database 'models' on db:5432", $"{options}");
        Assert.DoesNotContain("secret", $"{options}");
    }

    [Fact]
    public void ARegistryThatIsNoPlace() => Assert.Equal(
        "The server cannot start: --registry: The connection string of the registry names no Database, expected "
        + "Host=db;Database=models;Username=ml. A file of that name is written ./NAME; "
        + "--urls has 'x', expected something like http://127.0.0.1:8090; several are separated by ';'.",
        Assert.Throws<ServingException>(() => ServingOptions.Parse(
            ["--registry", "Host=db", "--store", _place.Store, "--urls", "x"], _place.Store)).Message);

    [Fact]
    public void AllFaultsTogether()
    {
        string[] args =
            ["serve", "--stor", "x", "--registry", "--urls", "localhost", "--store", "/", "--store", "/none"];

        const string known = "expected --store, --registry, --environment, --urls, --prediction-log or --api-keys";
        Assert.Equal(
            $"The server cannot start: 'serve' is unknown, {known}; '--stor' is unknown, {known}; "
            + $"'x' is unknown, {known}; "
            + "--registry has no value; "
            + "--store is given twice; --urls has 'localhost', expected something like http://127.0.0.1:8090; "
            + "several are separated by ';'.",
            Assert.Throws<ServingException>(() => ServingOptions.Parse(args, _place.Store)).Message);
    }
}
