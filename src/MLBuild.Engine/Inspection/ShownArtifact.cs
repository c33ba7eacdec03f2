using System.Globalization;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>One artifact: what wrote it, whether it stands, who reads it, and what is in it. For programs, and as lines
/// for people.</summary>
/// <param name="ReadBy">Stages.</param>
/// <param name="Content">By its kind; null where nothing can look into it.</param>
public sealed record ShownArtifact(ListedArtifact Artifact, IReadOnlyList<string> ReadBy, object? Content)
{
    // Reports of a model that was trained often: those of the last results are enough.
    private const int MostReadersAsked = 50;

    /// <param name="views">The first one that shows an output with this name is taken.</param>
    /// <param name="column">Of a table, the one to show by its distribution.</param>
    /// <exception cref="PipelineException">It has no such column, or no columns.</exception>
    /// <exception cref="LostArtifactException">It is no longer in the store, or was damaged.</exception>
    public static Answer Answer(
        Pipeline pipeline, Workspace workspace, ArtifactInventory.Item item, ArtifactStates states,
        ArtifactKeepers keepers, IReadOnlyList<IArtifactView> views, string? column, Page page)
    {
        var readBy = StageListing.Readers(pipeline, item.Stage, item.Output);
        var listed = ListedArtifact.Of(item, states.Of(item), keepers.Of(item));
        var now = workspace.Clock.GetUtcNow();
        var content = Look(pipeline, workspace, item, views, column);
        return new($"{item.Name}: all that is seen of it is", new ShownArtifact(listed, readBy, content.Data),
            () => [.. Head(listed, readBy, page, now), "", .. content.Lines(page)]);
    }

    private static IEnumerable<string> Head(
        ListedArtifact artifact, IReadOnlyList<string> readBy, Page page, DateTimeOffset now)
    {
        yield return $"{artifact.Name}, {Wording.Size(artifact.SizeBytes)}";
        yield return artifact.Hash;
        var state = ArtifactStates.Cell(artifact.State);
        yield return page.Paint(state.Text, state.Tone) + string.Create(CultureInfo.InvariantCulture,
            $"; written {artifact.FinishedUtc:yyyy-MM-dd HH:mm} UTC in " +
            $"{Wording.Duration(TimeSpan.FromSeconds(artifact.Seconds))} by recipe {artifact.Recipe[..8]}");
        string[] about =
        [
            readBy.Count == 0 ? "read by no stage" : $"read by {string.Join(", ", readBy)}",
            .. artifact.KeptBy.Select(keeper => $"kept by {keeper}"),
        ];
        foreach (var line in about.SelectMany(line => page.Wrap(line)))
            yield return line;
    }

    private static ArtifactContent Look(
        Pipeline pipeline, Workspace workspace, ArtifactInventory.Item item, IReadOnlyList<IArtifactView> views,
        string? column)
    {
        var store = workspace.Artifacts;
        if (item.Artifact.Kind == ArtifactKind.Folder)
            return column is null ? FolderView.Look(store.ReadTree(item.Artifact.Hash)) : throw NoColumns(item.Name);
        var path = store.Verified(item.Artifact.Hash);
        return views.FirstOrDefault(view => view.Shows(item.Output)) is { } view
            ? view.Look(new(item.Output, path, workspace.RecipeOf(item.Record.Fingerprint),
                output => Behind(pipeline, workspace, item, output)), column)
            : column is null
            ? new(new Unseen(path), _ => [$"Nothing here can show the inside of '{item.Output}'. Its bytes: {path}"])
            : throw NoColumns(item.Name);
    }

    /// <summary>What is said where a column is asked for of something that is no table.</summary>
    public static PipelineException NoColumns(string name) => new(
        $"'{name}' has no columns, and --column names one. Columns are of tables: .parquet, .csv and .tsv.");

    // What a stage that read the artifact gave, of which the youngest counts.
    private static string? Behind(
        Pipeline pipeline, Workspace workspace, ArtifactInventory.Item item, string output)
    {
        var readers = StageListing.Readers(pipeline, item.Stage, item.Output).Select(pipeline.Find)
            .Where(reader => reader.Outputs.Contains(output)).Select(reader => reader.Name).ToArray();
        // Earlier results are looked through only where no last one is of it.
        var made = readers.SelectMany(workspace.LastUnits).Select(workspace.Last).OfType<ActionRecord>()
            .Concat(readers.SelectMany(reader => workspace.Index.OfStage(reader.ToString()))
                .OrderByDescending(record => record.FinishedAt).Take(MostReadersAsked))
            .FirstOrDefault(record => workspace.RecipeOf(record.Fingerprint)?.Entries.Any(entry =>
                entry.Kind == RecipeKind.Input && entry.Value == item.Artifact.Hash.Hex) == true)
            ?.Outputs.FirstOrDefault(other => other.Name == output);
        return made is not null && workspace.Artifacts.Contains(made.Artifact)
            ? workspace.Artifacts.Verified(made.Artifact.Hash) : null;
    }

    private sealed record Unseen(string Path);
}
