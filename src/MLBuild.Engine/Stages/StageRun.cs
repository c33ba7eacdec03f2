using MLBuild.Engine.Commands;
using MLBuild.Store;

namespace MLBuild.Engine.Stages;

/// <summary>One file that a stage reads.</summary>
/// <param name="Partition">The partition of the stage that wrote it, or null.</param>
/// <param name="Path">Its verified bytes, read-only. The path says nothing: it is not an input.</param>
public sealed record InputFile(StageName Stage, string? Partition, string Output, ContentHash Hash, string Path);

/// <summary>A file of the project that a stage reads.</summary>
/// <param name="Name">Relative to the folder that was declared, with <c>/</c>.</param>
public sealed record ProjectFile(string Name, string Path, ContentHash Hash);

/// <summary>What a stage's code sees while it runs: its inputs, where to write, and where to log. Nothing else is an
/// input.</summary>
public sealed class StageRun
{
    private readonly StageUnit _unit;
    private readonly IReadOnlyList<InputFile> _inputs;
    private readonly IReadOnlyDictionary<string, string> _observed;
    private readonly StageSurroundings _surroundings;
    private readonly Lazy<IReadOnlyDictionary<string, ContentHash>> _lineage;
    private readonly StageProgress _progress;

    internal StageRun(
        StageUnit unit, IReadOnlyList<InputFile> inputs, IReadOnlyDictionary<string, string> observed,
        StageSurroundings surroundings)
    {
        (_unit, _inputs, _observed, _surroundings) = (unit, inputs, observed, surroundings);
        _lineage = new(surroundings.Lineage);
        _progress = new(surroundings.Log, surroundings.Clock);
    }

    /// <summary>Asks the stage to stop soon; its outputs will not be kept.</summary>
    public CancellationToken Cancel => _surroundings.Cancel;

    /// <summary>The recipe of every stage and partition that had a part in the inputs, by <c>Stage</c> or
    /// <c>Stage/partition</c>: which data, code and parameters they came from. For records, not for deciding: results
    /// may be equal where recipes differ.</summary>
    public IReadOnlyDictionary<string, ContentHash> Lineage => _lineage.Value;

    /// <summary>The key of this partition, or null for a stage without.</summary>
    public string? Partition => _unit.Partition;

    /// <summary>The source file of this partition.</summary>
    public SourceFile Source => _unit.Source
        ?? throw new PipelineException(
            $"Stage '{_unit.Stage.Name}' asks for its source file but has none. Declare one with ForEach.");

    /// <summary>The path of the one input with this name: <c>train.parquet</c>, or <c>Split/train.parquet</c> where two
    /// stages write one.</summary>
    public string Input(string name) => InputFile(name).Path;

    /// <summary>As <see cref="Input"/>, with the hash of its bytes.</summary>
    public InputFile InputFile(string name) => Inputs(name) is [var only]
        ? only
        : throw new PipelineException(
            $"Stage '{_unit.Stage.Name}' reads {Inputs(name).Count} files named '{name}'; Input takes one. " +
            "Say which with 'Stage/name', or use Inputs for all partitions.");

    /// <summary>Every input with this name, by partition.</summary>
    public IReadOnlyList<InputFile> Inputs(string name)
    {
        // A folder may be named without its slash.
        var bare = name.TrimEnd('/');
        var found = _inputs.Where(input => input.Output.TrimEnd('/') is var output
            && (output == bare || $"{input.Stage}/{output}" == bare)).ToArray();
        return found.Length > 0
            ? found
            : throw new PipelineException($"Stage '{_unit.Stage.Name}' does not read '{name}'. It reads: " +
                $"{Suggestion.Names(_inputs.Select(input => input.Output).Distinct())}. Declare it with Reads.");
    }

    /// <summary>The path of a file of the project that was declared with ReadsFiles.</summary>
    public string File(string path) => Files(path) is [var only]
        ? only.Path
        : throw new PipelineException($"Stage '{_unit.Stage.Name}' reads {Files(path).Count} files as '{path}'; File " +
            "takes one. Use Files.");

    /// <summary>The files of the project that a declared pattern names, by path.</summary>
    public IReadOnlyList<ProjectFile> Files(string pattern) => _surroundings.Files(pattern)
        ?? throw new PipelineException($"Stage '{_unit.Stage.Name}' does not read the files '{pattern}'. Declare " +
            $"them with ReadsFiles.{Suggestion.For(pattern, _unit.Stage.Files.Select(declared => declared.Text))}");

    /// <summary>What a declared probe said when the stage was planned.</summary>
    public string Observed(string what) => _observed.TryGetValue(what, out var value)
        ? value
        : throw new PipelineException(
            $"Stage '{_unit.Stage.Name}' does not observe '{what}'. Declare it with Observes.");

    /// <summary>The value of a secret that was declared with WithSecret. From then on the log shows it as
    /// <c>***</c>.</summary>
    /// <exception cref="StageFailedException">It has no value.</exception>
    public string Secret(string name)
    {
        var secret = _unit.Stage.Secrets.FirstOrDefault(secret => secret.Name == name)
            ?? throw new PipelineException($"Stage '{_unit.Stage.Name}' asks for the secret '{name}' but has " +
                $"none of that name.{Suggestion.For(name, _unit.Stage.Secrets.Select(one => one.Name))} " +
                "Declare it with WithSecret.");
        var value = secret.Demand();
        _surroundings.Log.Hide(value);
        return value;
    }

    /// <summary>The verified bytes of a stored artifact whose hash is itself an input: observed, or read from
    /// one.</summary>
    /// <exception cref="LostArtifactException">It is not in this store, or was damaged.</exception>
    public string Artifact(ContentHash hash) => _surroundings.Artifact(hash);

    /// <summary>Where to write a declared output. It is published only if the whole stage succeeds.</summary>
    public string Output(string name)
    {
        if (!_unit.Stage.Outputs.Contains(name))
            throw new PipelineException($"Stage '{_unit.Stage.Name}' does not write '{name}'. It writes: " +
                $"{Suggestion.Names(_unit.Stage.Outputs)}. Declare it with Writes.");
        var path = Path.Combine(OutputFolder, name.TrimEnd('/'));
        Directory.CreateDirectory(Stage.IsFolder(name) ? path : Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>A line for the person who watches; kept beside what a failed stage wrote.</summary>
    public void Log(string line) => _surroundings.Log.Line(line);

    /// <summary>Says how far the work is: a line of the log every few seconds, with the time that is left at this pace.
    /// May be called as often as one likes; the first call says nothing, as there is no pace yet.</summary>
    /// <param name="done">Of what is to be done; a smaller number than before begins anew.</param>
    /// <param name="of">At most how much there is.</param>
    /// <param name="what">In words, without the time: <c>iteration 12 of 300, RMSE 2.81</c>.</param>
    public void Progress(long done, long of, string what) => _progress.Report(done, of, what);

    internal IReadOnlyList<string> Outputs => _unit.Stage.Outputs;

    internal string OutputFolder => _surroundings.OutputFolder;

    internal (StageLog Log, RunningCommands Running, string Root) CommandSurroundings =>
        (_surroundings.Log, _surroundings.Commands, _surroundings.Root);
}

/// <summary>What the runner gives a stage besides its inputs.</summary>
internal sealed record StageSurroundings(
    string OutputFolder,
    Func<ContentHash, string> Artifact,
    StageLog Log,
    Func<IReadOnlyDictionary<string, ContentHash>> Lineage,
    Func<string, IReadOnlyList<ProjectFile>?> Files,
    RunningCommands Commands,
    string Root,
    TimeProvider Clock,
    CancellationToken Cancel);
