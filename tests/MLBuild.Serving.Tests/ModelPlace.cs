using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Serving.Tests;

/// <summary>A temporary folder with a store and a registry, where models can be registered and deployed.</summary>
internal sealed class ModelPlace : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlbuild-serving-");

    public ModelPlace()
    {
        Store = Path.Combine(_folder.FullName, "store");
        Directory.CreateDirectory(Store);
        RegistryFile = Path.Combine(_folder.FullName, "registry.db");
        Registry = new SqliteModelRegistry(RegistryFile, new ManualClock());
        Options = new()
        {
            Store = Store,
            Registry = new RegistryPlace.File(RegistryFile),
            Urls = ["http://127.0.0.1:0"],
            // Nothing sends requests elsewhere when it stops.
            Limits = new() { DrainTime = TimeSpan.Zero },
        };
    }

    public string Store { get; }

    public string RegistryFile { get; }

    public SqliteModelRegistry Registry { get; }

    public ServingOptions Options { get; }

    /// <summary>Registers a model and deploys it.</summary>
    /// <param name="golden">Its golden rows; null for none.</param>
    /// <returns>The version.</returns>
    public int Deploy(RideModel model, string? golden, string environment = "production") => Deploy(
        model, environment, ("golden.json", golden), ("features.code.txt", model.Code));

    /// <summary>Registers a model with these texts and what its training rows told, and deploys it.</summary>
    public int Deploy(RideModel model, string environment, params (string Name, string? Text)[] attached) => Deploy(
        model, environment, model.State, attached);

    /// <param name="state">What its training rows told; null for nothing.</param>
    public int Deploy(
        RideModel model, string environment, byte[]? state, params (string Name, string? Text)[] attached)
    {
        var store = new LocalArtifactStore(Store);
        var bytes = Path.Combine(_folder.FullName, "model.zip");
        File.WriteAllBytes(bytes, model.Bytes);
        var evidence = new Evidence(
            ContentHash.Of("recipe of Train"),
            ContentHash.Of("evaluation"),
            GateOutcome.Passed,
            new([new("rmse", 5.25), new("r2", 0.5)]),
            new(
            [
                .. attached.Where(each => each.Text is not null)
                    .Select(each => KeyValuePair.Create(each.Name, store.AddText(each.Text!))),
                .. state is null ? [] : new[] { KeyValuePair.Create("features.state", AddBytes(store, state)) },
            ]));
        var version = Registry.Register(new("ride-fare", store.Add(bytes).Hash, evidence, "ann")).Version.Number;
        Registry.Deploy(new("ride-fare", environment, version, "ann", "weekly release"));
        return version;
    }

    private ContentHash AddBytes(LocalArtifactStore store, byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, "bytes");
        File.WriteAllBytes(path, bytes);
        return store.Add(path).Hash;
    }

    public int Deploy(RideModel model) => Deploy(model, model.Golden);

    public void Rollback(int version) => Registry.Deploy(new("ride-fare", "production", version, "bob", "rollback"));

    /// <summary>Changes the rollout of version 2.</summary>
    public void RollOut(
        RolloutChange change, int percent = 0, RolloutStrategy strategy = RolloutStrategy.Canary) =>
        Registry.RollOut(new("ride-fare", "production", 2, change, "ann", "a test")
        {
            Percent = percent,
            Strategy = strategy,
        });

    /// <summary>What the server that reported last says.</summary>
    public ServerStatus Reported() => ServerStatus.FromJson(
        Registry.Reports("ride-fare", "production").MinBy(report => report.Age)!.Content);

    /// <summary>Lets a server look until it, and any other, has taken up a step and says what is waited for.</summary>
    public async Task<CandidateStatus> StepAsync(
        RunningServer server, int step, Func<CandidateStatus, bool>? isReached = null)
    {
        await server.HealthOnceAsync(_ =>
        {
            var live = Registry.Reports("ride-fare", "production")
                .Select(report => ServerStatus.FromJson(report.Content))
                .Where(status => !status.HasEnded).ToArray();
            return live.Length > 0 && live.All(status => status.Candidate is { } candidate && candidate.Step == step
                && isReached?.Invoke(candidate) != false);
        });
        return Reported().Candidate!;
    }

    /// <summary>Changes a byte of the stored model.</summary>
    public void Damage(RideModel model)
    {
        var bytes = model.Bytes.ToArray();
        bytes[^1] ^= 1;
        Replace(model, bytes);
    }

    public void Restore(RideModel model) => Replace(model, model.Bytes);

    public void Dispose() => LocalArtifactStore.RemoveReadOnly(_folder.FullName);

    private void Replace(RideModel model, byte[] bytes)
    {
        var hash = ContentHash.Of(model.Bytes).Hex;
        var stored = Path.Combine(Store, "cas", hash[..2], hash);
        LocalArtifactStore.RemoveReadOnly(stored);
        File.WriteAllBytes(stored, bytes);
    }
}
