using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>The outputs of other stages that a unit reads, as they are now.</summary>
/// <param name="Lineage">The recipe of every unit that had a part in them, by unit.</param>
internal sealed record UnitInputs(IReadOnlyList<UnitInputs.Item> Items,
    IReadOnlyDictionary<string, ContentHash> Lineage)
{
    internal sealed record Item(StageName Stage, string? Partition, string Output, Artifact Artifact)
    {
        public string Name => Partition is null ? $"{Stage}/{Output}" : $"{Stage}/{Partition}/{Output}";
    }

    public IEnumerable<RecipeEntry> Entries => Items.Select(item => new RecipeEntry(
        RecipeKind.Input, item.Name.TrimEnd('/'), item.Artifact.Kind == ArtifactKind.File
            ? "file" : "folder", item.Artifact.Hash.Hex));

    public static UnitInputs Of(Stage stage, IReadOnlyList<StageOutcome.Done> upstream) => new(
    [
        .. from done in upstream
           from input in stage.Inputs.Where(input => input.Stage == done.Stage)
           from unit in done.Units
           from output in unit.Record.Outputs
           where input.Outputs.Count == 0 || input.Outputs.Contains(output.Name)
           select new Item(done.Stage, unit.Unit.Partition, output.Name, output.Artifact) into item
           // The order, which the stage's code sees, depends on names alone, as the recipe does. Reading twice is
           // reading once.
           group item by item.Name into same
           orderby same.Key
           select same.First(),
    ],
    upstream.SelectMany(done => done.Units).SelectMany(unit => unit.Lineage).DistinctBy(pair => pair.Key)
        .ToDictionary());

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
