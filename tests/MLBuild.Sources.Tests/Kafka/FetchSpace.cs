using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Sources.Kafka;
using MLBuild.Store;

namespace MLBuild.Sources.Tests.Kafka;

/// <summary>A folder in which a pipeline of two stages runs by the real engine: one fetches the slices of a topic, one
/// counts the lines of all of them.</summary>
internal sealed class FetchSpace : IRunObserver, IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mlbuild-kafka-").FullName;
    private readonly List<string> _ran = [];
    private readonly List<string> _log = [];

    public required KafkaServer Server { get; set; }

    public KafkaTopic Topic { get; set; } = new("trips") { SliceOffsets = 10 };

    public Func<KafkaFetchOptions, KafkaFetchOptions> Options { get; set; } = options => options;

    public string? Password { get; set; }

    /// <summary>Gives the slices, instead of a listing.</summary>
    public Func<IReadOnlyList<KafkaSlice>>? Slices { get; set; }

    /// <summary>Stages that go on with what was fetched.</summary>
    public Stage[] More { get; init; } = [];

    /// <summary>The units that did work in the last run, in order.</summary>
    public IEnumerable<string> Ran => _ran.Order(StringComparer.Ordinal);

    public IEnumerable<string> Log => _log;

    /// <summary>What the last failure was.</summary>
    public SourceFaultException? Fault { get; private set; }

    /// <summary>How many lines the counting stage found.</summary>
    public string Count => Text("Count", "count.txt");

    public string Text(string unit, string output) =>
        File.ReadAllText(Output(unit, output));

    /// <summary>The path of what a unit has written.</summary>
    public string Output(string unit, string output) => Path.Combine(_root, "artifacts", unit, output);

    public string[] Lines(string slice) => Text($"Fetch/{slice}", KafkaFetchStage.Events).Split('\n')[..^1];

    public IEnumerable<string> Files => Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories);

    /// <summary>Forgets every result, so that all is fetched again.</summary>
    public void Forget()
    {
        LocalArtifactStore.RemoveReadOnly(Path.Combine(_root, "store"));
        LocalArtifactStore.RemoveReadOnly(Path.Combine(_root, "artifacts"));
    }

    public async Task<StageOutcome> Run(string stage = "Count")
    {
        _ran.Clear();
        _log.Clear();
        using var runner = new Runner(new Pipeline([Fetch(), CountStage(), .. More]),
            new(Path.Combine(_root, "artifacts"), Path.Combine(_root, "store"), TimeProvider.System),
            new CodeByName(), this, RunSetting.Everything);
        return await runner.Ensure(new(stage));
    }

    /// <summary>Runs both stages, which must succeed.</summary>
    public async Task Done()
    {
        if (await Run() is not StageOutcome.Done)
            Assert.Fail(await Failure());
    }

    /// <summary>Runs the fetch, which must fail for one slice, or before any.</summary>
    /// <returns>The message, without the lines around it that say where.</returns>
    public async Task<string> Failure()
    {
        Fault = null;
        var failed = Assert.IsType<StageOutcome.Failed>(await Run("Fetch"));
        var lines = failed.Failure.Message.Split("\nIts log")[0].Split('\n');
        return lines is [_, var slice] ? slice[(slice.IndexOf(": ", StringComparison.Ordinal) + 2)..] : lines[0];
    }

    public Stage Fetch() => new StageBuilder(new("Fetch")).Writes(KafkaFetchStage.Outputs)
        .ForEach(() => Noted(() => Slices is null ? KafkaSlices.List(Server, Topic, Password) : Slices()))
        .WithSecret("KAFKA_PASSWORD", () => Password)
        .Runs((run, options) => Noted(() =>
        {
            KafkaFetchStage.Run(run, options);
            return 0;
        }), (KafkaSlice slice) => Options(new(Server, slice))).Build();

    private T Noted<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SourceFaultException e)
        {
            Fault = e;
            throw;
        }
    }

    public void Dispose() => LocalArtifactStore.RemoveReadOnly(_root);

    void IRunObserver.Running(StageUnit unit, Verdict verdict)
    {
        lock (_ran)
            _ran.Add($"{unit}");
    }

    void IRunObserver.Log(StageUnit unit, string line)
    {
        lock (_log)
            _log.Add($"{unit}: {line}");
    }

    private static Stage CountStage() => new StageBuilder(new("Count"))
        .Reads(new("Fetch"), KafkaFetchStage.Events).Writes("count.txt").Runs(run => File.WriteAllText(
            run.Output("count.txt"),
            $"{run.Inputs(KafkaFetchStage.Events).Sum(input => File.ReadLines(input.Path).Count())}")).Build();

    private sealed class CodeByName : ICodeFingerprint
    {
        public CodeReading Of(Stage stage) => new([new(RecipeKind.Code, "stage", "method",
            $"{stage.Code!.Method.DeclaringType}.{stage.Code.Method.Name}")], []);
    }
}
