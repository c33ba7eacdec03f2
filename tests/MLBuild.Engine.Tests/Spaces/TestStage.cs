using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Tests.Spaces;

/// <summary>A stage of a test: what it declares can be changed between runs, its code is told apart by a
/// version.</summary>
public sealed class TestStage(TestSpace space, string name, string[] reads, string[] writes, Action<StageRun>? body)
{
    private readonly Marker _code = new();

    public string Name => name;

    public string[] Reads { get; set; } = reads;

    public string[] Writes { get; set; } = writes;

    /// <summary>The source files; by default those of <see cref="Reads"/>.</summary>
    public Func<IReadOnlyList<SourceFile>>? Sources { get; set; }

    /// <summary>By default what <see cref="Reads"/> and <see cref="Sources"/> say.</summary>
    public Partitioning? Partitioning { get; set; }

    public object? Options { get; set; }

    /// <summary>The options of a matrix point; by default <see cref="Options"/>.</summary>
    public Func<object?, object?>? OptionsOf { get; set; }

    public IReadOnlyList<FilePattern> Files { get; set; } = [];

    public StageLimits Limits { get; set; } = StageLimits.None;

    public string? FrozenBecause { get; set; }

    public string Version { get; set; } = "1";

    public StageKind Kind { get; set; } = StageKind.Cached;

    public List<Observation> Observations { get; } = [];

    public Action<StageRun>? Body { get; set; } = body;

    public Stage Build()
    {
        space.Code.Versions[_code] = (name, Version);
        var files = Reads.Where(IsFile).ToArray();
        return new(new(name), Kind, [.. Reads.Where(read => !IsFile(read)).Select(Input)], [.. Observations], Writes,
            Partitioning ?? (Sources is { } sources ? new Partitioning.Files(sources)
                : files.Length == 0 ? null : new Partitioning.Files(() =>
                [.. files.Where(file => File.Exists(space[file]))
                    .Select(file => new SourceFile(Path.GetFileNameWithoutExtension(file), space[file]))])),
            null, (Action<StageRun>)_code.Run, (run, _) => { (Body ?? Mix)(run); return Task.CompletedTask; })
        {
            OptionsOf = OptionsOf ?? (_ => Options),
            Limits = Limits,
            Files = Files,
            FrozenBecause = FrozenBecause,
        };
    }

    /// <summary>Writes to each output a text that says what went in, so that any difference upstream shows downstream:
    /// <c>train.1(split.txt=a)</c>.</summary>
    public void Mix(StageRun run)
    {
        var source = Reads.Any(IsFile)
            ? [$"{run.Source.Name}={File.ReadAllText(run.Source.Path)}"] : Array.Empty<string>();
        var inputs = Reads.Where(read => !IsFile(read)).SelectMany(read => space.Stage(read.Split('/')[0]).Writes
            .Where(output => !read.Contains('/') || read.EndsWith("/" + output, StringComparison.Ordinal))
            .SelectMany(output => run.Inputs($"{read.Split('/')[0]}/{output}"))
            .Select(input => $"{input.Stage}{input.Partition}={ReadAll(input.Path)}"));
        var text = $"{name}.{Version}{Options}({string.Join(",", source.Concat(inputs))})";
        foreach (var output in Writes)
            File.WriteAllText(Stage.IsFolder(output) ? Path.Combine(run.Output(output), "file") : run.Output(output),
                text);
    }

    private static bool IsFile(string read) => read.Contains('.') && !read.Contains('/');

    private static StageInput Input(string read) => read.Split('/', 2) is [var stage, var output]
        ? new(new(stage), [output])
        : new(new(read), []);

    private static string ReadAll(string path) => File.Exists(path)
        ? File.ReadAllText(path)
        : string.Concat(StoreLayout.FilesIn(path).Select(file => File.ReadAllText(Path.Combine(path, file))));

    /// <summary>A delegate's target without fields: one for each stage, so that a stage's code is known by
    /// it.</summary>
    private sealed class Marker
    {
        public void Run(StageRun run)
        {
        }
    }
}
