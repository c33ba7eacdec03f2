using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Sources.Http;
using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Sources.Tests.Http;

/// <summary>A folder in which a test fetches by the real engine. Removed with all that is in it.</summary>
internal sealed class FetchSpace : IRunObserver, IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mlbuild-http-").FullName;
    private readonly List<string> _log = [];
    private readonly Workspace _workspace;

    public FetchSpace() =>
        _workspace = new(Path.Combine(_root, "artifacts"), Path.Combine(_root, "store"), TimeProvider.System);

    /// <summary>The value of the secret KEY.</summary>
    public string? Secret { get; set; } = "s3cret/t0ken+of=the-api";

    public TestClock Clock { get; } = new(new HttpOptions { Url = "", Answer = new HttpAnswer.Rows() }.Timeout);

    /// <summary>Observed; null for nothing, and then the default of Identity becomes Unknown.</summary>
    public Func<ProbeRun, string>? Probe { get; set; }

    /// <summary>What a fetch that fails declares; null for what it writes.</summary>
    public string[]? Outputs { get; set; }

    /// <summary>What the last run logged, without the stage's name.</summary>
    public string[] Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    /// <summary>The lines of <c>rows.jsonl</c>.</summary>
    public string Rows => Text(HttpFetchStage.Rows);

    public string this[string relative] => Path.Combine(_root, relative);

    public string Text(string output) => File.ReadAllText(Output(output));

    public byte[] Bytes(string output) => File.ReadAllBytes(Output(output));

    /// <summary>What became of the stage, in a word, and why.</summary>
    public async Task<string> Run(HttpOptions options, CancellationToken cancel = default)
    {
        lock (_log)
            _log.Clear();
        var stage = new StageBuilder(new("Fetch")).Writes(OutputsOf(options)).WithSecret("KEY", () => Secret)
            .Runs<HttpOptions>((run, given) => HttpFetchStage.Run(run, given, Clock), () => Given(options));
        if (Probe is { } probe)
            stage.Observes(HttpFetchStage.Observation, probe);
        using var runner =
            new Runner(new Pipeline([stage.Build()]), _workspace, new NoCode(), this, RunSetting.Everything,
                cancel: cancel);
        return await runner.Ensure(new("Fetch")) switch
        {
            StageOutcome.Done { Units: [{ Verdict: Verdict.UpToDate }] } => "up to date",
            StageOutcome.Done { Units: [{ Verdict: { Runs: true } verdict }] } => $"built because {verdict.Because}",
            StageOutcome.Done { Units: [var unit] } => $"restored: {unit.Verdict.Because}",
            StageOutcome.Failed failed => $"failed: {failed.Failure.Message.Split("\nIts log")[0]}",
            StageOutcome.NotRun notRun => $"not run: {notRun.Because}",
            var other => throw new InvalidOperationException($"unknown outcome {other}"),
        };
    }

    /// <summary>Runs a fetch that must succeed.</summary>
    public async Task<HttpFetchReport> Fetch(HttpOptions options)
    {
        var outcome = await Run(options);
        Assert.StartsWith("built", outcome, StringComparison.Ordinal);
        return ReportFile.Read<HttpFetchReport>(Output(HttpFetchStage.Report));
    }

    /// <summary>Runs a fetch that must fail.</summary>
    /// <returns>What it says, and of which type that is.</returns>
    public async Task<string> Failure<TFault>(HttpOptions options) where TFault : Exception
    {
        Exception? thrown = null;
        var stage = new StageBuilder(new("Fail")).Writes(Outputs ?? OutputsOf(options))
            .WithSecret("KEY", () => Secret)
            .Runs(async run =>
            {
                try
                {
                    await HttpFetchStage.Run(run, Given(options), Clock);
                }
                catch (Exception e)
                {
                    thrown = e;
                    throw;
                }
            }).Build();
        using var runner = new Runner(new Pipeline([stage]), _workspace, new NoCode(), this, RunSetting.Everything);
        var failed = Assert.IsType<StageOutcome.Failed>(await runner.Ensure(new("Fail")));
        Assert.IsType<TFault>(thrown);
        Assert.Equal(thrown.Message, failed.Failure.Message.Split("\nIts log")[0]);
        return thrown.Message;
    }

    /// <summary>The files of the space, wherever, that hold a text.</summary>
    public string[] FilesWith(string text) =>
    [
        .. Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal)),
    ];

    public void Dispose() => LocalArtifactStore.RemoveReadOnly(_root);

    void IRunObserver.Running(StageUnit unit, Verdict verdict)
    {
    }

    void IRunObserver.Log(StageUnit unit, string line)
    {
        lock (_log)
            _log.Add(line);
    }

    private static string[] OutputsOf(HttpOptions options) => options.Answer is HttpAnswer.File file
        ? HttpFetchStage.OutputsFor(file.Name)
        : HttpFetchStage.Outputs;

    private HttpOptions Given(HttpOptions options) => Probe is null && options.Identity is HttpIdentity.Validators
        ? options with { Identity = new HttpIdentity.Unknown() }
        : options;

    private string Output(string name) => Path.Combine(_workspace.ArtifactsFolder, "Fetch", name);

    private sealed class NoCode : ICodeFingerprint
    {
        public CodeReading Of(Stage stage) => new([new(RecipeKind.Code, "stage", "method", "fetch")], []);
    }
}
