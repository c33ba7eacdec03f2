using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>The outputs of other stages that a stage reads, as they are now, dealt to its units: of stages with the
/// same partitions each unit reads its own, of all others everything.</summary>
internal sealed class StageInputs
{
    private readonly Dealt _shared = new([], []);
    private readonly Dictionary<string, Dealt> _own = new(StringComparer.Ordinal);
    private readonly UnitInputs? _all;

    private sealed record Dealt(List<UnitInputs.Item> Items, List<UnitResult> From);

    private StageInputs(Pipeline pipeline, Stage stage, IReadOnlyList<StageOutcome.Done> upstream)
    {
        foreach (var done in upstream)
        {
            var reads = stage.Inputs.Where(input => input.Stage == done.Stage).ToArray();
            var isOwn = pipeline.HaveSamePartitions(stage, pipeline[done.Stage]);
            foreach (var unit in done.Units)
            {
                var dealt = isOwn ? Own(unit.Unit.Partition!) : _shared;
                dealt.From.Add(unit);
                // Reading twice is reading once.
                dealt.Items.AddRange(unit.Record.Outputs
                    .Where(output => reads.Any(read =>
                        read.Outputs.Count == 0 || read.Outputs.Contains(output.Name)))
                    .Select(output => new UnitInputs.Item(
                        done.Stage, unit.Unit.Partition, output.Name, output.Artifact)));
            }
        }
        if (_own.Count == 0)
            _all = new(InOrder(_shared.Items), _shared.From);
    }

    public static StageInputs Of(Pipeline pipeline, Stage stage, IReadOnlyList<StageOutcome.Done> upstream) =>
        new(pipeline, stage, upstream);

    public UnitInputs For(StageUnit unit)
    {
        if (_all is not null)
            return _all;
        return unit.Partition is { } key && _own.TryGetValue(key, out var own)
            ? new(InOrder([.. _shared.Items, .. own.Items]), [.. _shared.From, .. own.From])
            : new(InOrder(_shared.Items), _shared.From);
    }

    // The order, which the stage's code sees, depends on names alone, as the recipe does.
    private static UnitInputs.Item[] InOrder(IEnumerable<UnitInputs.Item> items) =>
        [.. items.OrderBy(item => item.Name, StringComparer.Ordinal)];

    private Dealt Own(string key) => _own.TryGetValue(key, out var dealt) ? dealt : _own[key] = new([], []);
}

/// <summary>What one unit reads of other stages.</summary>
/// <param name="From">The units that wrote it.</param>
internal sealed record UnitInputs(IReadOnlyList<UnitInputs.Item> Items, IReadOnlyList<UnitResult> From)
{
    internal sealed record Item(StageName Stage, string? Partition, string Output, Artifact Artifact)
    {
        public string Name { get; } = Partition is null ? $"{Stage}/{Output}" : $"{Stage}/{Partition}/{Output}";
    }

    public IEnumerable<RecipeEntry> Entries => Items.Select(item => new RecipeEntry(
        RecipeKind.Input, item.Name.TrimEnd('/'), item.Artifact.Kind == ArtifactKind.File
            ? "file" : "folder", item.Artifact.Hash.Hex));

    /// <summary>The recipe of every unit that had a part in them, by unit.</summary>
    public Dictionary<string, ContentHash> Lineage()
    {
        var lineage = new Dictionary<string, ContentHash>(StringComparer.Ordinal);
        var open = new Stack<UnitResult>(From);
        while (open.TryPop(out var unit))
        {
            if (!lineage.TryAdd(unit.Unit.Name, unit.Record.Fingerprint))
                continue;
            foreach (var further in unit.From)
                open.Push(further);
        }
        return lineage;
    }

    /// <summary>Verifies every input and says where its bytes are; a folder is unpacked under
    /// <paramref name="scratch"/>.</summary>
    /// <exception cref="LostArtifactException">One is missing or was damaged.</exception>
    public IReadOnlyList<InputFile> Open(LocalArtifactStore store, string scratch) => [.. Items.Select(item =>
    {
        if (item.Artifact.Kind == ArtifactKind.File)
            return new InputFile(item.Stage, item.Partition, item.Output, item.Artifact.Hash,
                store.Verified(item.Artifact.Hash));
        var folder = Path.Combine(scratch, item.Name.TrimEnd('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        store.Restore(item.Artifact, folder);
        return new InputFile(item.Stage, item.Partition, item.Output, item.Artifact.Hash, folder);
    })];
}
