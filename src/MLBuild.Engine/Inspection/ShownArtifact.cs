using System.Globalization;
using MLBuild.Engine.History;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>One artifact: what wrote it, whether it stands, who reads it, and what is in it. For programs, and as lines
/// for people.</summary>
/// <param name="Run">The run that made it; null if that is not kept, or was another machine's.</param>
/// <param name="ReadBy">Stages.</param>
/// <param name="Content">By its kind; null where nothing can look into it.</param>
public sealed record ShownArtifact(
    ListedArtifact Artifact, ShownArtifact.Maker? Run, IReadOnlyList<string> ReadBy, object? Content)
{
    /// <summary>A run of stages.</summary>
    /// <param name="Command">Targets and parameters as they were given.</param>
    /// <param name="Commit">Null outside a git repository.</param>
    public sealed record Maker(string Id, DateTimeOffset BeganUtc, string Command, string Host, string? Commit)
    {
        internal static Maker Of(RunEntry run) => new(
            run.Id, run.Start.BeganAt.ToUniversalTime(), run.Start.Command, run.Start.Host, run.Start.Commit);
    }

    // Reports of a model that was trained often: those of the last results are enough.
    private const int MostReadersAsked = 50;

    /// <param name="views">The first one that shows an output with this name is taken.</param>
    /// <param name="column">Of a table, the one to show by its distribution.</param>
    /// <param name="inFull">True to look at all of it, however long that takes.</param>
    /// <exception cref="PipelineException">It has no such column, or no columns.</exception>
    /// <exception cref="LostArtifactException">It is no longer in the store, or was damaged.</exception>
    public static Answer Answer(
        Pipeline pipeline, Workspace workspace, ArtifactInventory.Item item, ArtifactStates states,
        ArtifactKeepers keepers, IReadOnlyList<IArtifactView> views, string? column, Page page,
        bool inFull = false)
    {
        var readBy = StageListing.Readers(pipeline, item.Stage, item.Output);
        var listed = ListedArtifact.Of(item, states.Of(item), keepers.Of(item));
        var maker = new RunJournal(workspace).Maker(item.Record.Fingerprint) is { } run
            ? Maker.Of(run) : null;
        var content = Look(pipeline, workspace, item, views, column, inFull);
        return new($"{item.Name}: all that is seen of it is", new ShownArtifact(listed, maker, readBy, content.Data),
            () => [.. Head(listed, item, maker, readBy, page), "", .. content.Lines(page)]);
    }

    private static IEnumerable<string> Head(
        ListedArtifact artifact, ArtifactInventory.Item item, Maker? maker, IReadOnlyList<string> readBy, Page page)
    {
        yield return $"{artifact.Name}, {Wording.Size(artifact.SizeBytes)}";
        yield return artifact.Hash;
        var state = ArtifactStates.Cell(artifact.State);
        yield return page.Paint(state.Text, state.Tone) + string.Create(CultureInfo.InvariantCulture,
            $"; written {artifact.FinishedUtc:yyyy-MM-dd HH:mm} UTC in " +
            $"{Wording.Duration(TimeSpan.FromSeconds(artifact.Seconds))} by recipe {artifact.Recipe[..8]}");
        string[] about =
        [
            .. maker is null ? ["its run is not among those that are kept here"] : Told(maker, item),
            readBy.Count == 0 ? "read by no stage" : $"read by {string.Join(", ", readBy)}",
            .. artifact.KeptBy.Select(keeper => $"kept by {keeper}"),
        ];
        foreach (var line in about.SelectMany(line => page.Wrap(line)))
            yield return line;
    }

    // What the last work said is kept; of earlier work nobody can ask for it.
    private static IEnumerable<string> Told(Maker run, ArtifactInventory.Item item) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"run of {run.BeganUtc:yyyy-MM-dd HH:mm} UTC on {run.Host}") +
            (run.Commit is { } commit ? $", commit {commit[..Math.Min(commit.Length, 8)]}" : "") +
            $": ./build.sh {run.Command}".TrimEnd(),
        $"./build.sh History --of-stage {item.Stage} lists its runs" +
            (item.IsCurrent ? $", Logs --of-stage {item.Unit} shows what it said" : ""),
    ];

    private static ArtifactContent Look(
        Pipeline pipeline, Workspace workspace, ArtifactInventory.Item item, IReadOnlyList<IArtifactView> views,
        string? column, bool inFull)
    {
        var store = workspace.Artifacts;
        if (item.Artifact.Kind == ArtifactKind.Folder)
            return column is null ? FolderView.Look(store.ReadTree(item.Artifact.Hash)) : throw NoColumns(item.Name);
        var path = store.Verified(item.Artifact.Hash);
        return views.FirstOrDefault(view => view.Shows(item.Output)) is { } view
            ? view.Look(new(item.Output, path, workspace.RecipeOf(item.Record.Fingerprint),
                output => Behind(pipeline, workspace, item, output))
            {
                InFull = inFull,
            }, column)
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
