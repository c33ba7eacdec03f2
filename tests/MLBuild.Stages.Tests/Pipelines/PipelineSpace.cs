using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Pipelines;

/// <summary>A folder with data, a store, artifacts and a registry, in which a test runs stages by the real engine.
/// Removed with all that is in it.</summary>
internal sealed class PipelineSpace : IRunObserver, IDisposable
{
    /// <summary>When everything in a space is registered and deployed.</summary>
    public static readonly TimeProvider Clock = new StoppedClock(new(2019, 4, 1, 12, 0, 0, TimeSpan.Zero));

    private readonly string _root = Directory.CreateTempSubdirectory("mlbuild-stages-").FullName;
    private readonly List<string> _log = [];

    public PipelineSpace() =>
        Workspace = new(Path.Combine(_root, "artifacts"), Path.Combine(_root, "store"), TimeProvider.System);

    public Workspace Workspace { get; }

    public string Data => Path.Combine(_root, "data");

    /// <summary>Where the verdicts of monitoring are kept.</summary>
    public string History => Path.Combine(_root, "history");

    public RegistryPlace Place => new RegistryPlace.File(Path.Combine(_root, "registry.db"));

    public IModelRegistry Registry => Place.Open(Clock);

    /// <summary>What the stages of the last run logged, each line behind its unit: <c>Train: …</c>.</summary>
    public IReadOnlyList<string> Log => _log;

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, file), text);
    }

    public async Task<StageOutcome> Run(Pipeline pipeline, string stage, CancellationToken cancel = default)
    {
        _log.Clear();
        using var runner = new Runner(
            pipeline, Workspace, new CodeByName(), this, RunSetting.Everything, cancel: cancel);
        return await runner.Ensure(new(stage));
    }

    /// <summary>Runs a stage that must succeed.</summary>
    public async Task<StageOutcome.Done> Done(Pipeline pipeline, string stage) => await Run(pipeline, stage) switch
    {
        StageOutcome.Done done => done,
        StageOutcome.Failed failed => throw new InvalidOperationException($"{stage} failed: {failed.Failure}"),
        var other => throw new InvalidOperationException($"{stage} did not run: {other}"),
    };

    /// <summary>Runs a stage that must fail.</summary>
    /// <returns>Its message, without the lines that say where its log is.</returns>
    public async Task<string> Failure(Pipeline pipeline, string stage)
    {
        var failed = Assert.IsType<StageOutcome.Failed>(await Run(pipeline, stage));
        return string.Join('\n',
            failed.Failure.Message.Split('\n').Where(line => !line.StartsWith("Its log", StringComparison.Ordinal)));
    }

    /// <summary>The path of a published output: <c>Train</c> and <c>model.zip</c>, <c>Ingest/2019-01</c> and
    /// <c>rows.parquet</c>. </summary>
    public string Output(string unit, string output) => Path.Combine(Workspace.ArtifactsFolder, unit, output);

    public string Text(string unit, string output) => File.ReadAllText(Output(unit, output));

    public byte[] Bytes(string unit, string output) => File.ReadAllBytes(Output(unit, output));

    /// <summary>What a failed unit had written.</summary>
    public string FailedText(string unit, string output) =>
        File.ReadAllText(Path.Combine(Workspace.StoreFolder, "failed", unit, "out", output));

    /// <summary>Removes an artifact from the store, as a careless hand would.</summary>
    public void Lose(ContentHash hash) =>
        LocalArtifactStore.RemoveReadOnly(Path.Combine(Workspace.StoreFolder, "cas", hash.Hex[..2], hash.Hex));

    public void Dispose() => LocalArtifactStore.RemoveReadOnly(_root);

    void IRunObserver.Running(StageUnit unit, Verdict verdict)
    {
    }

    void IRunObserver.Log(StageUnit unit, string line)
    {
        lock (_log)
            _log.Add($"{unit}: {line}");
    }

    // Other code of a stage, in a test, is another delegate.
    private sealed class CodeByName : ICodeFingerprint
    {
        public CodeReading Of(Stage stage) => new([new(RecipeKind.Code, "stage", "method",
            $"{stage.Code!.Method.DeclaringType}.{stage.Code.Method.Name}")], []);
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
