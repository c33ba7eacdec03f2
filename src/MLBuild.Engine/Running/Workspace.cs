using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>Where a build keeps what it knows: the store, and <c>artifacts/</c> where people look.</summary>
public sealed class Workspace
{
    /// <param name="artifacts">The folder in which each stage's outputs are put:
    /// <c>artifacts/Train/model.zip</c>.</param>
    /// <param name="store">The store's folder.</param>
    public Workspace(string artifacts, string store, TimeProvider clock)
    {
        ArtifactsFolder = Path.GetFullPath(artifacts);
        StoreFolder = Path.GetFullPath(store);
        Artifacts = new(StoreFolder);
        Records = new(StoreFolder);
        Index = new(StoreFolder, clock);
        Revisions = new(StoreFolder);
        Pins = new(StoreFolder);
        Hashes = new(Path.Combine(StoreFolder, "hashes"), clock);
        Trees = new(Path.Combine(StoreFolder, "trees"), clock);
        Clock = clock;
    }

    public string ArtifactsFolder { get; }

    /// <summary>The project's folder, in which <c>artifacts/</c> is.</summary>
    public string RootFolder => Path.GetDirectoryName(ArtifactsFolder)!;

    public string StoreFolder { get; }

    public LocalArtifactStore Artifacts { get; }

    public ActionRecords Records { get; }

    /// <summary>What the records say, for who only looks.</summary>
    public RecordIndex Index { get; }

    public RevisionRecords Revisions { get; }

    public Pins Pins { get; }

    public HashCache Hashes { get; }

    public FileTrees Trees { get; }

    public TimeProvider Clock { get; }

    /// <summary>The record of a unit's last result, or null.</summary>
    public ActionRecord? Last(string unit) =>
        LastFingerprint(unit) is { } fingerprint ? Records.Find(fingerprint) : null;

    /// <summary>The recipe of a unit's last result, or null.</summary>
    public Recipe? LastRecipe(string unit) => LastFingerprint(unit) is { } fingerprint ? RecipeOf(fingerprint) : null;

    /// <summary>A stored recipe, or null if the store no longer has it.</summary>
    public Recipe? RecipeOf(ContentHash fingerprint)
    {
        try
        {
            return Recipe.Parse(Artifacts.ReadText(fingerprint));
        }
        catch (Exception e) when (e is LostArtifactException or FormatException)
        {
            return null;
        }
    }

    /// <summary>A stored folder's files, or null if the store no longer has the folder.</summary>
    internal FolderTree? TreeOf(ContentHash hash)
    {
        try
        {
            return Artifacts.ReadTree(hash);
        }
        catch (Exception e) when (e is LostArtifactException or FormatException)
        {
            return null;
        }
    }

    /// <summary>As <see cref="TreeOf(ContentHash)"/>, for a stored file that may be anything.</summary>
    internal FolderTree? TreeOf(FileInfo file, ContentHash hash) =>
        FolderTree.IsOne(file.FullName) ? TreeOf(hash) : null;

    /// <summary>The stored files of an artifact: its own, and those of a folder.</summary>
    internal IEnumerable<ContentHash> FilesOf(Artifact artifact) => artifact.Kind == ArtifactKind.Folder
        ? [artifact.Hash, .. TreeOf(artifact.Hash)?.Entries.Select(entry => entry.Hash) ?? []]
        : [artifact.Hash];

    /// <summary>The stored files that a record promises: its outputs, its recipe, and the lists of project files that
    /// this names.</summary>
    internal IEnumerable<ContentHash> FilesOf(ActionRecord record) => record.Outputs
        .SelectMany(output => FilesOf(output.Artifact)).Concat(ListsOf(record)).Append(record.Fingerprint).Distinct();

    /// <summary>The stored lists of project files that the recipe of a record names.</summary>
    internal IEnumerable<ContentHash> ListsOf(ActionRecord record) => (RecipeOf(record.Fingerprint)?.Entries ?? [])
        .Where(entry => entry is { Kind: RecipeKind.Input, Type: RecipeEntry.FilesType })
        .Select(entry => ContentHash.Parse(entry.Value));

    /// <summary>The fingerprints of the last results.</summary>
    internal HashSet<ContentHash> LastFingerprints() =>
        LastUnits().Select(LastFingerprint).OfType<ContentHash>().ToHashSet();

    /// <summary>Every unit that has a last result: <c>Train</c>, <c>Ingest/2019-02</c>.</summary>
    public IReadOnlyList<string> LastUnits()
    {
        var folder = Path.Combine(StoreFolder, "last");
        return !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => !AtomicFile.IsTemporary(path))
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/').Replace(".parts/", "/"))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>The units of one stage that have a last result.</summary>
    public IReadOnlyList<string> LastUnits(StageName stage)
    {
        var file = LastPath(stage.ToString());
        var parts = file + ".parts";
        string[] whole = File.Exists(file) ? [stage.ToString()] : [];
        return !Directory.Exists(parts) ? whole : [.. whole, .. Directory.EnumerateFiles(parts)
            .Where(path => !AtomicFile.IsTemporary(path)).Select(path => $"{stage}/{Path.GetFileName(path)}")
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Forgets the last results of units that a stage no longer has. Their records stay: should they come
    /// back, they are restored.</summary>
    internal void ForgetOthers(StageName stage, IReadOnlyList<StageUnit> units)
    {
        var known = LastUnits(stage);
        if (known.Count == 0 || (known.Count == 1 && units.Count == 1 && known[0] == units[0].Name))
            return;
        try
        {
            foreach (var gone in known.Except(units.Select(unit => unit.Name)))
                File.Delete(LastPath(gone));
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            throw new StoreUnavailableException(StoreFolder, e);
        }
    }

    internal bool IsLast(string unit, ContentHash fingerprint) => LastFingerprint(unit) == fingerprint;

    internal void SetLast(string unit, ContentHash fingerprint)
    {
        if (IsLast(unit, fingerprint))
            return;
        try
        {
            AtomicFile.WriteText(LastPath(unit), fingerprint.Hex);
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            throw new StoreUnavailableException(StoreFolder, e);
        }
    }

    /// <summary>What the work of a recipe said when it last succeeded; there is a file only if it said
    /// something.</summary>
    public string LogPath(ContentHash fingerprint) =>
        Path.Combine(StoreFolder, "logs", fingerprint.Hex[..2], fingerprint.Hex);

    internal string LockPath(string name) => Path.Combine(StoreFolder, "locks", name);

    internal string WorkFolder => Path.Combine(StoreFolder, "work");

    internal string FailedFolder(StageUnit unit) => Path.Combine(StoreFolder, "failed", unit.Name);

    /// <summary>For each unit whose work was killed, what it had said.</summary>
    internal string KilledFolder => Path.Combine(StoreFolder, "killed");

    // Another build may just have found that the stage no longer has this partition.
    private ContentHash? LastFingerprint(string unit) =>
        ContentHash.TryParse(AtomicFile.TextOf(LastPath(unit)), out var fingerprint) ? fingerprint : null;

    // Partitions get a folder beside the stage's own file, so that a stage may gain or lose partitions.
    private string LastPath(string unit) => Path.Combine(StoreFolder, "last", unit.Replace("/", ".parts/"));
}
