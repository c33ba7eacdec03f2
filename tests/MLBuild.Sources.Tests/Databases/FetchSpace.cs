using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Sources.Databases;
using MLBuild.Stages.Tables;
using MLBuild.Store;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>A folder in which a test fetches from databases by the real engine. Removed with all that is in it.
/// </summary>
internal sealed class FetchSpace : IRunObserver, IDisposable
{
    public const string Secret = "shop-password";

    private readonly string _root = Directory.CreateTempSubdirectory("mlbuild-databases-").FullName;
    private readonly List<string> _begun = [];
    private readonly List<string> _log = [];

    public string this[string file] => Path.Combine(_root, file);

    /// <summary>What the stages of the last run logged.</summary>
    public IReadOnlyList<string> Log => _log;

    /// <summary>A stage without slices, which observes.</summary>
    public static Stage Whole(DatabaseOptions options, string? password = null) => new StageBuilder(new("Fetch"))
        .Observes(DatabaseFetchStage.Observation, run => DatabaseProbe.Of(options, run, password))
        .WithSecret(Secret, () => password)
        .Writes(DatabaseFetchStage.Outputs)
        .Runs<DatabaseFetchOptions>(DatabaseFetchStage.Run, () => new(options))
        .Build();

    /// <summary>A stage with a partition for each slice.</summary>
    public static Stage Sliced(DatabaseOptions options, string? password = null) => new StageBuilder(new("Fetch"))
        .ForEach(() => DatabaseSlices.List(options, password))
        .WithSecret(Secret, () => password)
        .Writes(DatabaseFetchStage.Outputs)
        .Runs<DatabaseSlice, DatabaseFetchOptions>(DatabaseFetchStage.Run, slice => new(options, slice))
        .Build();

    /// <summary>Runs stages that must succeed, the last with what it needs.</summary>
    /// <returns>The units whose code ran, by name.</returns>
    public async Task<string[]> Run(params Stage[] stages) => await Outcome(stages) switch
    {
        StageOutcome.Done => [.. _begun.Order(StringComparer.Ordinal)],
        StageOutcome.Failed failed => throw new InvalidOperationException($"{failed.Failure}"),
        var other => throw new InvalidOperationException($"{other}"),
    };

    /// <summary>Runs a stage that must fail while it is planned or run.</summary>
    /// <returns>The source's own fault.</returns>
    public async Task<Exception> Fault(Stage stage)
    {
        var fault = await Failure(stage);
        while (fault is not (SourceFaultException or ArgumentException) && fault.InnerException is { } inner)
            fault = inner;
        return fault;
    }

    /// <summary>Runs a stage that must fail while it is planned or run.</summary>
    public async Task<Exception> Failure(Stage stage) =>
        Assert.IsType<StageOutcome.Failed>(await Outcome(stage)).Failure;

    /// <summary>Fetches all rows and shows them: columns with their types, and the first rows.</summary>
    public async Task<string> Preview(DatabaseOptions options, int rows = 10)
    {
        await Run(Whole(options));
        return TablePreview.Of(Output("Fetch", DatabaseFetchStage.Rows), rows);
    }

    public string Output(string unit, string output) => this[$"artifacts/{unit}/{output}"];

    public string Text(string unit, string output) => File.ReadAllText(Output(unit, output));

    public byte[] Bytes(string unit, string output) => File.ReadAllBytes(Output(unit, output));

    /// <summary>Every file there is, with what the store and failed stages keep.</summary>
    public IEnumerable<string> Files => Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories);

    public void Dispose() => LocalArtifactStore.RemoveReadOnly(_root);

    void IRunObserver.Running(StageUnit unit, Verdict verdict)
    {
        lock (_begun)
            _begun.Add(unit.Name);
    }

    void IRunObserver.Log(StageUnit unit, string line)
    {
        lock (_log)
            _log.Add($"{unit}: {line}");
    }

    private async Task<StageOutcome> Outcome(params Stage[] stages)
    {
        _begun.Clear();
        _log.Clear();
        using var runner = new Runner(
            new Pipeline(stages), new(this["artifacts"], this["store"], TimeProvider.System), new NoCode(), this,
            RunSetting.Everything);
        return await runner.Ensure(stages[^1].Name);
    }

    private sealed class NoCode : ICodeFingerprint
    {
        public CodeReading Of(Stage stage) => new([], []);
    }
}
