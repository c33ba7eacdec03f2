using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>A random pipeline, random things that happen to it, and a direct evaluator that says what its outputs must
/// be. The evaluator knows files, parameters and who reads whom, and nothing of hashes, stores or records.</summary>
internal sealed class RandomPipeline : IDisposable
{
    private static readonly string[] Files = ["a.txt", "b.txt", "c.txt", "d.txt"];

    private readonly Random _random;
    private readonly List<Node> _nodes = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _worked = [];

    public RandomPipeline(int seed)
    {
        _random = new(seed);
        Space = new() { HasSystemClock = seed % 2 == 0 };
        foreach (var file in Files)
            Space.Write(file, Letter());
        var count = _random.Next(3, 9);
        for (var i = 0; i < count; i++)
            Add($"s{i}");
    }

    public TestSpace Space { get; }

    public IReadOnlyList<string> Stages => [.. _nodes.Select(node => node.Stage.Name)];

    /// <summary>How often each piece of work was done: by everything that its result depends on.</summary>
    public IReadOnlyDictionary<string, int> Worked => _worked;

    /// <summary>Stages that fail when their code runs.</summary>
    public HashSet<string> Failing { get; } = [];

    private sealed record Node(TestStage Stage, string[] Files, Node[] Reads, bool IsLossy);

    /// <summary>Changes that a person makes.</summary>
    public void Edit()
    {
        var node = Any(_nodes);
        switch (_random.Next(7))
        {
            case 0:
                Space.Write(Any(Files), Letter());
                break;
            case 1:
                node.Stage.Options = new Knob(_random.Next(3));
                break;
            case 2:
                node.Stage.Version = Any(["1", "2"]);
                break;
            case 3 when Files.Count(file => File.Exists(Space[file])) > 1
                && !_nodes.Any(other => other.Files.Length == 1):
                File.Delete(Space[Any([.. Files.Where(file => File.Exists(Space[file]))])]);
                break;
            case 4:
                Space.Write($"artifacts/{node.Stage.Name}/{Any(["stray", "deep/stray", "a/stray"])}", "stray");
                break;
            case 5:
                Store.LocalArtifactStore.RemoveReadOnly(Space[$"artifacts/{node.Stage.Name}"]);
                break;
            default:
                if (Space.Artifacts() is { Length: > 0 } artifacts)
                    StoreLayout.FlipByte(Space[$"artifacts/{Any(artifacts)}"]);
                break;
        }
        if (_nodes.Any(other => other.Files.Length > 0 && !other.Files.Any(file => File.Exists(Space[file]))))
            Space.Write(Any(Files), Letter());
        foreach (var file in Files.Where(file => !File.Exists(Space[file]) && _random.Next(3) == 0))
            Space.Write(file, Letter());
    }

    /// <summary>Faults of the disk. Work that was done may have to be done again after one.</summary>
    public void Fault()
    {
        var folder = Any(["cas", "cas", "cas", "ac", "last", "hashes"]);
        var files = folder == "hashes" ? ["hashes"] : StoreLayout.FilesIn(Space["store/" + folder])
            .Select(file => $"{folder}/{file}").ToArray();
        if (files.Length == 0 || Space[$"store/{Any(files)}"] is var path && !File.Exists(path))
            return;
        if (_random.Next(2) == 0 && new FileInfo(path).Length > 0)
            StoreLayout.FlipByte(path, _random.Next((int)new FileInfo(path).Length));
        else
            File.Delete(path);
    }

    public bool Chance(int inHundred) => _random.Next(100) < inHundred;

    public T Any<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    /// <summary>A stage and all that it reads, however far.</summary>
    public IEnumerable<string> Upstream(string stage) =>
        Closure(Find(stage)).Select(node => node.Stage.Name).Distinct();

    /// <summary>What must be under <c>artifacts/</c> for a stage: text by path.</summary>
    public Dictionary<string, string> Expected(string stage) => Find(stage) is var node
        ? Partitions(node).SelectMany(partition => node.Stage.Writes.Select(output => KeyValuePair.Create(
            string.Join('/',
                new[] { partition?.Key, Stage.IsFolder(output) ? output + "deep/file" : output }.OfType<string>()),
            Value(node, partition)))).ToDictionary()
        : [];

    /// <summary>What is under <c>artifacts/</c> for a stage.</summary>
    public Dictionary<string, string> Actual(string stage) => StoreLayout.FilesIn(Space[$"artifacts/{stage}"])
        .ToDictionary(file => file, file => Space.Output($"{stage}/{file}"));

    public void Dispose() => Space.Dispose();

    private sealed record Knob(int Value);

    private void Add(string name)
    {
        var files = _nodes.Count == 0 || _random.Next(3) == 0 ? Files.Where(_ => _random.Next(2) == 0).ToArray() : [];
        if (files.Length == 0 && _nodes.Count == 0)
            files = Files;
        var reads = _nodes.Where(_ => _random.Next(3) == 0).ToArray();
        var outputs = Any(["out.txt", "x/out.txt plots/", "plots/"]);
        Space.WithStage(name, string.Join(' ', files.Concat(reads.Select(read => read.Stage.Name))), outputs);
        var node = new Node(Space.Stage(name), files, reads, IsLossy: _random.Next(3) == 0);
        node.Stage.Body = run => Work(node, run);
        _nodes.Add(node);
    }

    // Reads only what the engine gives it.
    private void Work(Node node, StageRun run)
    {
        if (Failing.Contains(node.Stage.Name))
            throw new InvalidOperationException("told to fail");
        var inputs = node.Reads.SelectMany(read =>
            read.Stage.Writes.SelectMany(output => run.Inputs($"{read.Stage.Name}/{output}")
            .Select(input => (Name: $"{input.Stage}/{input.Partition}/{output}", Text: Read(input.Path)))));
        var source = node.Files.Length == 0 ? null : File.ReadAllText(run.Source.Path);
        var text = Text(node, source is null ? "" : $"{run.Source.Name}={source}", inputs);
        lock (_lock)
            _worked[text.Whole] = _worked.GetValueOrDefault(text.Whole) + 1;
        foreach (var output in node.Stage.Writes)
        {
            var path = Stage.IsFolder(output) ? Path.Combine(run.Output(output), "deep", "file") : run.Output(output);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text.Kept);
        }
    }

    private string Value(Node node, SourceFile? source) => Text(
        node,
        source is null ? "" : $"{source.Name}={File.ReadAllText(source.Path)}",
        node.Reads.SelectMany(read => Partitions(read).SelectMany(partition => read.Stage.Writes
            .Select(output => ($"{read.Stage.Name}/{partition?.Key}/{output}", Value(read, partition)))))).Kept;

    // A lossy stage keeps so little that different inputs often give equal bytes.
    private static (string Whole, string Kept) Text(Node node, string source,
        IEnumerable<(string Name, string Text)> inputs)
    {
        var whole = $"{node.Stage.Name}.{node.Stage.Version}{node.Stage.Options}({source}," +
            string.Join(",", inputs.OrderBy(input => input.Name, StringComparer.Ordinal)
                .Select(input => $"{input.Name}={input.Text}")) + ")";
        return (whole, node.IsLossy ? $"{node.Stage.Name}:{whole.Sum(c => c) % 2}" : Store.ContentHash.Of(whole).Hex +
            whole.Length);
    }

    private SourceFile?[] Partitions(Node node) => node.Files.Length == 0
        ? [null]
        : [.. node.Files.Where(file => File.Exists(Space[file]))
            .Select(file => new SourceFile(Path.GetFileNameWithoutExtension(file), Space[file]))];

    private static IEnumerable<Node> Closure(Node node) => node.Reads.SelectMany(Closure).Append(node);

    private Node Find(string stage) => _nodes.Single(node => node.Stage.Name == stage);

    private static string Read(string path) =>
        File.ReadAllText(Directory.Exists(path) ? Path.Combine(path, "deep", "file") : path);

    private string Letter() => Any(["a", "b", "c"]);
}
