using System.Globalization;
using System.Text.Json;
using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;
using MLBuild.Store;

namespace MLBuild.Stages.Views;

/// <summary>Says what differs between two artifacts, by their kind: in lines, or in a file.</summary>
public static class ArtifactDiffCommand
{
    // Fewer are a number or the name of an environment.
    private const int FewestDigits = 8;

    private const int MostChanges = 12;

    // Both are in memory, in some six times their size: two of them take 0.4 GB.
    private const long LargestJson = 32_000_000;

    /// <summary>True if a person means two artifacts: <c>Train/model.zip~1</c>, or eight digits of a hash; false if
    /// they mean versions.</summary>
    /// <exception cref="PipelineException">One is an artifact, and the other is none.</exception>
    public static bool IsMeant(string from, string to) => IsArtifact(from) == IsArtifact(to) ? IsArtifact(from)
        : throw new PipelineException($"--from '{from}' and --to '{to}' are a version and an artifact. Name two " +
            "versions by number or environment, or two artifacts as Stage/output or by at least eight digits of " +
            "their hashes; Train/model.zip~1 is the one before Train/model.zip.");

    /// <param name="key">Columns that tell the rows of two tables apart; null compares whole rows.</param>
    /// <param name="file">All of it where it ends with <c>.json</c>; null for lines.</param>
    /// <returns>The differences, or what was written.</returns>
    /// <exception cref="PipelineException">There is no such artifact, or no such key; the file ends otherwise, or
    /// cannot be written.</exception>
    /// <exception cref="LostArtifactException">One is no longer in the store, or was damaged.</exception>
    public static IEnumerable<string> Run(
        Workspace workspace, string from, string to, string? key, string? file, Page page)
    {
        var inventory = new ArtifactInventory(workspace);
        var (before, after) = (inventory.Find(from), inventory.Find(to));
        string[] columns = key?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ?? [];
        if (columns.Length > 0 && !(AnyTable.Is(before.Output) && AnyTable.Is(after.Output)))
            throw new PipelineException($"--key names columns, and '{before.Name}' and '{after.Name}' are not two " +
                "tables: .parquet, .csv or .tsv. Leave it out.");
        var same = before.Artifact.Hash == after.Artifact.Hash;
        var content = same ? new(new Bytes(before.Artifact.SizeBytes, after.Artifact.SizeBytes), _ => [])
            : Compare(workspace.Artifacts, before, after, columns);
        RecipeChange[] causes = before.Unit == after.Unit && workspace.RecipeOf(before.Record.Fingerprint) is { } old
            && workspace.RecipeOf(after.Record.Fingerprint) is { } now ? [.. RecipeDiff.Between(old, now)] : [];
        var data = new Difference(Side.Of(before), Side.Of(after), same,
            [.. causes.Select(change => change.ToString())], content.Data);
        return new Answer($"{before.Name} and {after.Name}: what differs is", data,
            () => [.. Head(data, page), .. same ? [] : (string[])["", .. content.Lines(page)]]).In(file);
    }

    private static bool IsArtifact(string text) => text.Contains('/')
        || (text.Split('~')[0] is { Length: >= FewestDigits } digits && digits.All(char.IsAsciiHexDigit));

    private static ArtifactContent Compare(
        LocalArtifactStore store, ArtifactInventory.Item before, ArtifactInventory.Item after,
        IReadOnlyList<string> key)
    {
        if (before.Artifact.Kind != after.Artifact.Kind)
            return Unlike(before, after, "one is a folder, the other a file");
        if (before.Artifact.Kind == ArtifactKind.Folder)
        {
            var folders = FolderChanges.Between(
                store.ReadTree(before.Artifact.Hash), store.ReadTree(after.Artifact.Hash));
            return new(folders, folders.Lines);
        }
        var (was, now) = (store.Verified(before.Artifact.Hash), store.Verified(after.Artifact.Hash));
        var extension = Path.GetExtension(before.Output);
        try
        {
            if (AnyTable.Is(before.Output) && AnyTable.Is(after.Output))
            {
                var tables = TableChanges.Between(new(was, before.Output), new(now, after.Output), key);
                return new(tables, page => TableChangesText.Lines(tables, page));
            }
            if (extension != Path.GetExtension(after.Output))
                return Unlike(before, after, "they are of different kinds");
            if (extension == ".json" && Math.Max(before.Artifact.SizeBytes, after.Artifact.SizeBytes) > LargestJson)
                return Unlike(before, after, $"fields are compared up to {Wording.Size(LargestJson)}; ./build.sh " +
                    $"Export --artifact {after.Artifact.Hash.Short} --file NAME.json writes one out for another " +
                    "program");
            if (extension == ".json")
                return Json(was, now, before.Output == EvaluateStage.Report && after.Output == EvaluateStage.Report);
            if (extension == ".zip")
            {
                var models = ModelChanges.Between(was, now);
                return new(models, models.Lines);
            }
        }
        catch (Exception e) when (e is TableException or JsonException or FormatException)
        {
            return Unlike(before, after, $"they cannot be read as what their names say: {e.Message}");
        }
        return StageDifferences.All.FirstOrDefault(kind => kind.Compares(before.Output))
            ?.FirstDifference(was, now) is { } first
            ? new(new First(first), page => page.Wrap($"the first difference: {first}"))
            : Unlike(before, after, "nothing here looks into such files");
    }

    private static ArtifactContent Json(string was, string now, bool areEvaluations)
    {
        var fields = FieldChanges.Between(was, now);
        if (!areEvaluations)
            return new(fields, fields.Lines);
        try
        {
            var metrics = MetricChanges.Between(
                ReportFile.Read<EvaluateReport>(was), ReportFile.Read<EvaluateReport>(now), fields);
            return new(metrics, metrics.Lines);
        }
        catch (FormatException)
        {
            // Of another version of this code.
            return new(fields, fields.Lines);
        }
    }

    private static ArtifactContent Unlike(
        ArtifactInventory.Item before, ArtifactInventory.Item after, string because) => new(
            new Bytes(before.Artifact.SizeBytes, after.Artifact.SizeBytes), page => page.Wrap(
                $"{Wording.Size(before.Artifact.SizeBytes)} -> {Wording.Size(after.Artifact.SizeBytes)}; only bytes " +
                $"were compared, as {because}"));

    private static IEnumerable<string> Head(Difference difference, Page page)
    {
        foreach (var line in (string[])[Text(difference.From), $"-> {Text(difference.To)}"])
            yield return line;
        if (difference.IsSame)
        {
            yield return $"the same bytes: {difference.To.Hash}";
            if (difference.Causes.Count > 0)
                yield return "although their recipes differ:";
        }
        else if (difference.Causes.Count > 0)
            yield return "how their recipes differ:";
        foreach (var line in difference.Causes.Take(MostChanges).SelectMany(cause => page.Wrap($"  {cause}")))
            yield return line;
        if (difference.Causes.Count > MostChanges)
            yield return $"  … and {difference.Causes.Count - MostChanges} more; --file NAME.json has all of it";
    }

    private static string Text(Side side) => string.Create(CultureInfo.InvariantCulture,
        $"{side.Name} of {side.FinishedUtc:yyyy-MM-dd HH:mm} UTC, {Wording.Size(side.SizeBytes)}, {side.Hash[..8]}");

    /// <summary>The answer for programs.</summary>
    /// <param name="Causes">How the recipes of two results of one unit differ, in words.</param>
    /// <param name="Content">By the kind of artifact.</param>
    private sealed record Difference(
        Side From, Side To, bool IsSame, IReadOnlyList<string> Causes, object Content);

    private sealed record Side(string Name, string Hash, long SizeBytes, string Recipe, DateTimeOffset FinishedUtc)
    {
        public static Side Of(ArtifactInventory.Item item) => new(
            item.Name, item.Artifact.Hash.Hex, item.Artifact.SizeBytes, item.Record.Fingerprint.Hex,
            item.Record.FinishedAt.ToUniversalTime());
    }

    private sealed record Bytes(long Before, long After);

    private sealed record First(string Text);
}
