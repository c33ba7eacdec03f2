using MLBuild.Registry;
using MLBuild.Serving.Log;

namespace MLBuild.Serving;

/// <summary>Where a server finds its model, where it listens, and how much it takes at once.</summary>
public sealed record ServingOptions
{
    private static readonly string[] Names =
        ["--store", "--registry", "--environment", "--urls", "--prediction-log", "--api-keys"];

    /// <summary>The folder of the artifact store. From the command line: <c>--store</c>, default <c>.nuke/mlbuild</c>.
    /// </summary>
    public required string Store { get; init; }

    /// <summary>The model registry. From the command line: <c>--registry</c>, a file or a connection string of
    /// PostgreSQL (<see cref="RegistryPlace.Parse"/>), default <c>registry.db</c> in the store. A password is better
    /// given by <c>PGPASSWORD</c> or <c>~/.pgpass</c>, as everybody on a machine sees its command lines.</summary>
    public required RegistryPlace Registry { get; init; }

    /// <summary>The environment whose version is served. Default <c>production</c>.</summary>
    public string Environment { get; init; } = "production";

    /// <summary>Where to listen. Default <c>http://127.0.0.1:8090</c>: this machine only. Port 0 takes a free
    /// one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8090"];

    /// <summary>How much is taken at once, and how long is waited.</summary>
    public ServingLimits Limits { get; init; } = new();

    /// <summary>How often the registry is asked for a newer deployment. 0.1 s to 10 s, default 2 s: who directs a
    /// rollout takes a server that has said nothing for 30 s for gone.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Where predictions are logged. Default null: nowhere. From the command line: <c>--prediction-log
    /// FOLDER</c>.</summary>
    public PredictionLogOptions? PredictionLog { get; init; }

    /// <summary>The file of who may ask for more than predictions: see <see cref="Serving.ApiKeys"/>. Default null:
    /// everybody who is on this machine, and nobody who is not. From the command line: <c>--api-keys FILE</c>.
    /// </summary>
    public string? ApiKeys { get; init; }

    /// <summary>Reads <c>--store FOLDER --registry PLACE --environment NAME --urls URL;URL --prediction-log FOLDER
    /// --api-keys FILE</c>, each of them optional.</summary>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <exception cref="ServingException">The message names every fault of the command line.</exception>
    public static ServingOptions Parse(IReadOnlyList<string> args, string folder)
    {
        var faults = new List<string>();
        var given = CommandLine.Read(args, Names, faults);

        var store = Path.GetFullPath(given.GetValueOrDefault("--store", ".nuke/mlbuild"), folder);
        var options = new ServingOptions
        {
            Store = store,
            Registry = given.TryGetValue("--registry", out var registry)
                ? Place(registry, folder, faults)
                : new RegistryPlace.File(Path.Combine(store, "registry.db")),
            PredictionLog = given.TryGetValue("--prediction-log", out var log)
                ? new() { Folder = Path.GetFullPath(log, folder) }
                : null,
            ApiKeys = given.TryGetValue("--api-keys", out var keys) ? Path.GetFullPath(keys, folder) : null,
        };
        if (given.TryGetValue("--environment", out var environment))
            options = options with { Environment = environment };
        if (given.TryGetValue("--urls", out var urls))
            options = options with { Urls = CommandLine.Split(urls) };
        options.Refuse(faults);
        return options;
    }

    /// <summary>Throws unless every member is in its range.</summary>
    /// <exception cref="ServingException">The message names every member that is not.</exception>
    public void Validate() => Refuse([]);

    private void Refuse(List<string> faults)
    {
        if (!Directory.Exists(Store))
            faults.Add($"--store is '{Store}', expected a folder: the store of the build that deploys the model");
        faults.AddRange(HttpHost.UrlFaults(Urls));
        faults.AddRange(Limits.Faults());
        faults.AddRange(PredictionLog?.Faults() ?? []);
        if (ServingLimits.Fault(
            PollInterval >= TimeSpan.FromSeconds(0.1) && PollInterval <= TimeSpan.FromSeconds(10),
            nameof(PollInterval), PollInterval, "0.1 s to 10 s") is { } fault)
            faults.Add(fault);
        if (faults.Count > 0)
            throw new ServingException($"The server cannot start: {string.Join("; ", faults)}.");
    }

    // A fault gives any place: it ends in a refusal.
    private static RegistryPlace Place(string text, string folder, List<string> faults)
    {
        try
        {
            return RegistryPlace.Parse(text, folder);
        }
        catch (RegistryException e)
        {
            faults.Add($"--registry: {e.Message.TrimEnd('.')}");
            return new RegistryPlace.File(folder);
        }
    }
}
