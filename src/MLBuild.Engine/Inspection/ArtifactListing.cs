using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Inspection;

/// <summary>What is cached, by stage, for programs; <see cref="ArtifactListingText"/> writes it for people.</summary>
/// <param name="KeptFault">Why it is not known what keeps results; null where it is.</param>
public sealed record ArtifactListing(IReadOnlyList<StageListing> Stages, string? KeptFault)
{
    /// <summary>The last results of all stages, in the order of the pipeline, and of stages that are no more.</summary>
    public static ArtifactListing Of(
        Pipeline pipeline, Workspace workspace, Func<IReadOnlyList<StageName>, ArtifactStates> foresee,
        ArtifactKeepers keepers)
    {
        var items = new ArtifactInventory(workspace).Current().ToLookup(item => item.Stage);
        string[] names =
        [
            .. pipeline.InOrder.Select(stage => stage.Name.ToString()),
            .. items.Select(stage => stage.Key)
                .Except(pipeline.Stages.Select(stage => stage.Name.ToString())).Order(StringComparer.Ordinal),
        ];
        var older = workspace.Index.Beside(workspace.LastFingerprints()).ToDictionary(total => total.Stage);
        var states = foresee([.. pipeline.InOrder.Select(stage => stage.Name)
            .Where(name => items.Contains(name.ToString()))]);
        return new([.. names.Where(items.Contains).Select(name =>
        {
            var beside = older.GetValueOrDefault(name);
            return StageListing.Of(pipeline, name, [.. items[name]], states, keepers,
                beside?.Results ?? 0, beside?.SizeBytes ?? 0);
        })], keepers.Fault);
    }

    /// <summary>All results of one stage that are stored; empty if there are none.</summary>
    public static ArtifactListing OfStage(
        Pipeline pipeline, Workspace workspace, Stage stage, ArtifactStates states, ArtifactKeepers keepers)
    {
        var items = new ArtifactInventory(workspace).OfStage(stage.Name);
        var older = items.Where(item => !item.IsCurrent).ToArray();
        return new(items.Count == 0 ? [] : [StageListing.Of(pipeline, stage.Name.ToString(), items, states, keepers,
            older.Select(item => item.Record.Fingerprint).Distinct().Count(),
            older.Select(item => item.Artifact).DistinctBy(artifact => artifact.Hash)
                .Sum(artifact => artifact.SizeBytes))], keepers.Fault);
    }
}

/// <summary>What is cached of one stage.</summary>
/// <param name="Fault">Why it cannot be foreseen whether the stage would run; null where it can.</param>
/// <param name="ReadBy">Stages.</param>
/// <param name="OlderResults">How many results are stored beside the last one of each unit.</param>
/// <param name="OlderBytes">What they gave, each artifact counted once.</param>
public sealed record StageListing(
    string Stage, string? Fault, IReadOnlyList<string> ReadBy, int OlderResults, long OlderBytes,
    IReadOnlyList<ListedArtifact> Artifacts)
{
    internal static StageListing Of(
        Pipeline pipeline, string name, IReadOnlyList<ArtifactInventory.Item> items, ArtifactStates states,
        ArtifactKeepers keepers, int olderResults, long olderBytes) => new(
            name, states.Faults.GetValueOrDefault(name), Readers(pipeline, name, output: null), olderResults,
            olderBytes, [.. items.Select(item => ListedArtifact.Of(item, states.Of(item), keepers.Of(item)))]);

    /// <summary>The stages that declare to read a stage, or one output of it.</summary>
    public static IReadOnlyList<string> Readers(Pipeline pipeline, string stage, string? output) =>
        [.. pipeline.InOrder.Where(reader => reader.Inputs.Any(input => input.Stage.ToString() == stage
            && (output is null || input.Outputs.Count == 0 || input.Outputs.Contains(output))))
            .Select(reader => reader.Name.ToString())];
}

/// <summary>A stored output.</summary>
/// <param name="Kind"><c>file</c> or <c>folder</c>.</param>
/// <param name="Recipe">The fingerprint of what gave it.</param>
/// <param name="Seconds">How long the work took.</param>
/// <param name="KeptBy">Pins and versions, for which Prune keeps it.</param>
public sealed record ListedArtifact(
    string Name, string Unit, string Output, ArtifactState State, string Hash, string Kind, long SizeBytes,
    string Recipe, DateTimeOffset FinishedUtc, double Seconds, IReadOnlyList<string> KeptBy)
{
    internal static ListedArtifact Of(
        ArtifactInventory.Item item, ArtifactState state, IReadOnlyList<string> keptBy) => new(
            item.Name, item.Unit, item.Output, state, item.Artifact.Hash.Hex,
            item.Artifact.Kind == Store.ArtifactKind.Folder ? "folder" : "file", item.Artifact.SizeBytes,
            item.Record.Fingerprint.Hex, item.Record.FinishedAt.ToUniversalTime(), item.Record.Duration.TotalSeconds,
            keptBy);
}
