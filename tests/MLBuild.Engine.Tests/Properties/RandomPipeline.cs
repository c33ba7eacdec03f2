using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Properties.Sketch;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>A random pipeline on a disk: what was drawn is declared and written, built by the engine, and can be
/// compared with what computing it gives. One seed, one course of events.</summary>
internal sealed class RandomPipeline : IDisposable
{
    private const int WriterBufferBytes = 4096;

    private readonly TempFolder? _owned;
    private readonly SketchRandom _sketches;
    private readonly List<Sketch> _past = [];
    private readonly HashSet<string> _declared = [];
    private readonly ConcurrentDictionary<string, int> _attempts = new();
    private readonly ConcurrentDictionary<string, ConcurrentBag<string>> _computed = new();
    private ImmutableSortedDictionary<string, string> _written = ImmutableSortedDictionary<string, string>.Empty;
    private Sketch _now;

    /// <param name="folder">Another's, or null for one of its own.</param>
    /// <param name="freezes">False if no stage is ever frozen.</param>
    /// <param name="changes">How often it has changed already: what another process has seen changing.</param>
    public RandomPipeline(int seed, int stages, string? folder = null, bool freezes = true, int changes = 0)
    {
        Random = new(seed);
        _sketches = new(Random, freezes);
        _owned = folder is null ? TempFolder.InMemory() : null;
        Space = new(folder ?? _owned!.Path) { HasSystemClock = seed % 2 == 0 };
        _now = _sketches.Pipeline(stages);
        for (; changes > 0; changes--)
            _now = Changed();
        Now = _now;
    }

    public Random Random { get; }

    public TestSpace Space { get; }

    /// <summary>Stages, or units, that fail when their code runs.</summary>
    public HashSet<string> Failing { get; } = [];

    /// <summary>What follows the text in each output, so that writing it takes a while.</summary>
    public string Padding { get; init; } = "";

    /// <summary>Called with each unit whose code does its work, from its thread, before it writes.</summary>
    public Action<string> OnWork { get; set; } = _ => { };

    /// <summary>Called with each line that is logged.</summary>
    public Action<string> OnLine { get; set; } = _ => { };

    /// <summary>Called when a build has nothing left to do but to tidy up after itself.</summary>
    public Action OnDrained { get; set; } = () => { };

    /// <summary>As it is declared and written now.</summary>
    public Sketch Now
    {
        get => _now;
        private set
        {
            foreach (var stage in _now.Nodes.Where(node => _declared.Remove(node.Name)))
                Space.Remove(stage.Name);
            _now = value;
            // Another process may have written them already, and be reading them.
            foreach (var (file, text) in _now.Files.Where(file => _written.GetValueOrDefault(file.Key) != file.Value
                && !(File.Exists(Space[file.Key]) && File.ReadAllText(Space[file.Key]) == file.Value)))
                Space.Write(file, text);
            foreach (var gone in _written.Keys.Where(file => !_now.Files.ContainsKey(file)))
                File.Delete(Space[gone]);
            _written = _now.Files;
            foreach (var node in _now.Nodes)
                Declare(node);
        }
    }

    /// <summary>Changes something, or goes back to how all was before.</summary>
    public void Change() => Now = Changed();

    /// <summary>Takes the freezing of every stage away.</summary>
    public void Thaw() => Now = _now with { Nodes = _now.Nodes.ConvertAll(node => node with { IsFrozen = false }) };

    /// <summary>Changes a source file as one does who does not know that a build runs.</summary>
    public void Edit(string file, string text)
    {
        Space.Write(file, text);
        _now = _now with { Files = _now.Files.SetItem(file, text) };
        _written = _now.Files;
    }

    /// <summary>Meddles with what is under <c>artifacts/</c>.</summary>
    public void Meddle()
    {
        var unit = Random.Any(_now.Nodes) is var node && Random.Any(_now.Keys(node)) is var key
            ? Evaluator.Unit(node, key) : "";
        switch (Random.Next(3))
        {
            case 0 when !File.Exists(Space[$"artifacts/{node.Name}"]) && !File.Exists(Space[$"artifacts/{unit}"]):
                var stray = Random.Any(["stray", "deep/stray"]);
                if (!File.Exists(Space[$"artifacts/{unit}/deep"]))
                    Space.Write($"artifacts/{unit}/{stray}", "stray");
                break;
            case 1:
                Store.LocalArtifactStore.RemoveReadOnly(Space[$"artifacts/{unit}"]);
                break;
            default:
                if (Space.Artifacts() is { Length: > 0 } artifacts)
                    StoreLayout.FlipByte(Space[$"artifacts/{Random.Any(artifacts)}"]);
                break;
        }
    }

    /// <summary>Builds stages as a new process would, and says how each ended that they need.</summary>
    /// <param name="started">Called with the runner before it is asked for anything.</param>
    public async Task<Built> Build(
        IReadOnlyList<string> asked, RunSetting? setting = null, Action<Runner>? started = null,
        CancellationToken cancel = default)
    {
        var observer = new TestObserver { OnLine = OnLine };
        using var runner = Space.Runner(observer: observer, setting: setting ?? Workers(2), cancel: cancel);
        started?.Invoke(runner);
        await Task.WhenAll(asked.Select(name => runner.Ensure(new(name))));
        await runner.Drain();
        var outcomes = new Dictionary<string, StageOutcome>();
        foreach (var node in _now.Closure(asked))
            outcomes[node.Name] = await runner.Ensure(new(node.Name));
        OnDrained();
        return new(outcomes, observer.Begun);
    }

    /// <summary>How the stages ended, and the units whose code was started, once for each start.</summary>
    internal sealed record Built(Dictionary<string, StageOutcome> Outcomes, string[] Begun)
    {
        public IEnumerable<UnitResult> Units =>
            Outcomes.Values.OfType<StageOutcome.Done>().SelectMany(done => done.Units);
    }

    public static RunSetting Workers(int count, Selection? only = null) =>
        new(new ResourcePool(count, memoryBytes: 4_000_000_000), only ?? Selection.Everything);

    /// <summary>Some partitions of the stages that are asked for and of those that they read, as <c>--only</c> names
    /// them; the keys by stage.</summary>
    public (Selection Selection, Dictionary<string, HashSet<string>> Keys) Only(IReadOnlyList<string> asked)
    {
        var parted = _now.Closure(asked).Where(node => node.Parting != Parting.None).ToArray();
        var keys = new Dictionary<string, HashSet<string>>();
        var patterns = new List<string>();
        while (parted.Length > 0 && (patterns.Count == 0 || Random.Chance(30)))
        {
            var node = Random.Any(parted);
            var key = Random.Any(_now.Keys(node))!;
            var isOfOne = Random.Chance(50);
            patterns.Add(isOfOne ? $"{node.Name}/{key}" : key);
            foreach (var other in parted.Where(other =>
                (!isOfOne || _now.HaveSamePartitions(node, other)) && _now.Keys(other).Contains(key)))
                (keys.TryGetValue(other.Name, out var known) ? known : keys[other.Name] = []).Add(key);
        }
        StageName[] stages = [.. _now.Closure(asked).Select(node => new StageName(node.Name))];
        return (Selection.Of(patterns, Space.Pipeline(), stages), keys);
    }

    /// <summary>Moves the clock, as time does between two builds.</summary>
    public void Later() => Space.Clock.Advance(TimeSpan.FromDays(1));

    /// <summary>What is under <c>artifacts/</c> for a unit: text by path.</summary>
    public Dictionary<string, string> Actual(string unit) => StoreLayout.FilesIn(Space[$"artifacts/{unit}"])
        .ToDictionary(file => $"{unit}/{file}", file => WithoutPadding(Space.Output($"{unit}/{file}")));

    /// <summary>Every stage that ended well has under <c>artifacts/</c> what computing it gives, but for the partitions
    /// that the build was told to leave out.</summary>
    public void AssertRight(Built built)
    {
        var leftOut = built.Outcomes.Values.OfType<StageOutcome.Done>()
            .SelectMany(done => done.LeftOut).Select(unit => unit.Name).ToHashSet();
        var kept = new Dictionary<string, string>();
        foreach (var node in _now.Closure(built.Outcomes.Keys)
            .Where(node => built.Outcomes[node.Name] is StageOutcome.Done))
        {
            foreach (var key in _now.Keys(node))
            {
                var unit = Evaluator.Unit(node, key);
                if (leftOut.Contains(unit))
                    continue;
                var whole = Evaluator.Whole(_now, node, key, kept.GetValueOrDefault);
                var actual = Actual(unit);
                // One of a frozen stage's earlier results is as good as any.
                kept[unit] = node.IsFrozen ? _computed.GetValueOrDefault(unit, []).FirstOrDefault(earlier =>
                    actual.ContainsValue(Evaluator.Output(earlier, node.Writes[0])), "none that it ever had")
                    : Evaluator.Kept(node, whole);
                Assert.Equal(Evaluator.Files(node, key, kept[unit]).ToDictionary(), actual);
            }
        }
    }

    public void Dispose() => _owned?.Dispose();

    private Sketch Changed()
    {
        _past.Add(_now);
        return Random.Chance(15) ? Random.Any(_past) : _sketches.Change(_now);
    }

    private sealed record Knob(int Value, int Point);

    private void Declare(Node node)
    {
        _declared.Add(node.Name);
        var files = node.Parting == Parting.Files ? node.Files : [];
        Space.WithStage(
            node.Name, string.Join(' ', files.Concat(node.Reads)), string.Join(' ', node.Writes),
            run => Work(node, run));
        var stage = Space.Stage(node.Name);
        stage.Version = $"{node.Version}{node.IsLossy}";
        // Whether or not the options take the point, its key is seen by the code.
        stage.OptionsOf = point => new Knob(node.Option, node.Option > 0 && point is int index ? index : -1);
        stage.Observations.Add(new("weather", _ => node.Observed));
        stage.Kind = node.IsEffect ? StageKind.Effect : StageKind.Cached;
        stage.FrozenBecause = node.IsFrozen ? "it is good" : null;
        stage.Limits = new(Retries: node.IsShaky ? 1 : 0, Cores: node.Cores, MemoryGigabytes: node.MemoryGigabytes);
        stage.Partitioning = node.Parting switch
        {
            Parting.Points => new Partitioning.Points(() => node.Points.Cast<object>()),
            Parting.SameAs => new Partitioning.SameAs(new(node.SameAs!)),
            _ => null,
        };
    }

    // Reads only what the engine gives it.
    private void Work(Node node, StageRun run)
    {
        var unit = Evaluator.Unit(node, run.Partition);
        if (node.IsShaky && _attempts.AddOrUpdate(unit, 1, (_, before) => before + 1) % 2 == 1)
            throw new TimeoutException("No answer.");
        if (Failing.Contains(node.Name) || Failing.Contains(unit))
            throw new InvalidOperationException("told to fail");
        (string, string)? source =
            node.Parting == Parting.Files ? (run.Source.Name, File.ReadAllText(run.Source.Path)) : null;
        var whole = Evaluator.Whole(node, run.Partition, source, node.Inputs(_now).SelectMany(input =>
            input.Outputs.SelectMany(output => run.Inputs($"{input.Stage.Name}/{output}")
                .Select(file => (Name: $"{file.Stage}/{file.Partition}/{output}", Text: Read(file.Path))))));
        _computed.GetOrAdd(unit, _ => []).Add(Evaluator.Kept(node, whole));
        OnWork(unit);
        foreach (var output in node.Writes)
        {
            var path = Stage.IsFolder(output) ? Path.Combine(run.Output(output), "deep", "file") : run.Output(output);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new StreamWriter(path, append: false, Encoding.UTF8, WriterBufferBytes);
            file.Write(Evaluator.Output(Evaluator.Kept(node, whole), output));
            file.Write(Padding);
        }
    }

    private string Read(string path) => WithoutPadding(
        File.ReadAllText(Directory.Exists(path) ? Path.Combine(path, "deep", "file") : path));

    // A half-written output keeps what it has of it, and so is seen.
    private string WithoutPadding(string text) =>
        text.EndsWith(Padding, StringComparison.Ordinal) ? text[..^Padding.Length] : text;
}
