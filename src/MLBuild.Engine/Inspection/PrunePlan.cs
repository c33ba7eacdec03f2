using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>What may leave the store. Removes nothing.</summary>
/// <remarks>Kept are: the last result of every unit, pinned results, and what registered versions need: their
/// artifacts, the recipes among those, and the inputs which these name. Recorded git revisions keep nothing. Of the
/// rest, results that were not used for long go first; then, while the store is larger than it may be, those that take
/// the least time to make again for each byte and each day without use.</remarks>
public sealed class PrunePlan
{
    internal static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>A result that goes.</summary>
    /// <param name="FreedBytes">What only it held.</param>
    public sealed record Leaving(ActionRecord Record, DateTimeOffset UsedAt, long FreedBytes);

    // Its files as they were when they were counted: what is lost or mended meanwhile is counted off as it was on.
    private sealed record Candidate(ActionRecord Record, DateTimeOffset UsedAt, ContentHash[] Files);

    private readonly Dictionary<ContentHash, int> _holders = [];
    private readonly List<Leaving> _leaving = [];
    private readonly Dictionary<ContentHash, long> _sizes = [];
    private readonly Workspace _workspace;
    private readonly DateTimeOffset _now;

    /// <param name="registered">Artifacts that registered versions need.</param>
    /// <param name="olderThan">Results not used for this long go; null for no limit.</param>
    /// <param name="maxSizeBytes">What the store's artifacts may take; null for no limit.</param>
    public PrunePlan(Workspace workspace, IReadOnlySet<ContentHash> registered, TimeSpan? olderThan, long? maxSizeBytes)
    {
        (_workspace, _now) = (workspace, workspace.Clock.GetUtcNow());
        SettledBefore = OldestBuild() is { } build && build < _now - Fresh ? build : _now - Fresh;
        // What is removed and stored anew meanwhile may be listed twice.
        foreach (var file in workspace.Artifacts.All())
            _sizes[file.Hash] = file.SizeBytes;
        TotalBytes = _sizes.Values.Sum();
        foreach (var hash in registered.SelectMany(hash => Registered(workspace, hash)))
            Hold(hash);
        var kept = KeptRecords(workspace, registered);
        var candidates = new List<Candidate>();
        foreach (var record in workspace.Records.All())
        {
            ContentHash[] files = [.. workspace.FilesOf(record)];
            foreach (var hash in files)
                Hold(hash);
            var candidate = new Candidate(record, workspace.Records.UsedAt(record.Fingerprint), files);
            if (!kept.Contains(record.Fingerprint) && candidate.UsedAt < SettledBefore)
                candidates.Add(candidate);
        }
        Unheld = [.. _sizes.Keys.Where(hash => !_holders.ContainsKey(hash) && IsSettled(hash)).Order()];
        RemainingBytes = TotalBytes - UnheldBytes;
        candidates.Sort((a, b) => (WorthOf(a), a.UsedAt, a.Record.Fingerprint)
            .CompareTo((WorthOf(b), b.UsedAt, b.Record.Fingerprint)));
        foreach (var old in candidates.Where(result => _now - result.UsedAt > olderThan))
            Leave(old);
        foreach (var result in candidates.Where(result => !(_now - result.UsedAt > olderThan)))
        {
            if (RemainingBytes > maxSizeBytes)
                Leave(result);
        }
    }

    /// <summary>What is younger may belong to a build that runs.</summary>
    public DateTimeOffset SettledBefore { get; }

    public long TotalBytes { get; }

    public long RemainingBytes { get; private set; }

    /// <summary>In the order in which they go.</summary>
    public IReadOnlyList<Leaving> Results => _leaving;

    /// <summary>Stored files that no record needs: builds that were killed before they recorded them left
    /// them.</summary>
    public IReadOnlyList<ContentHash> Unheld { get; }

    public long UnheldBytes => Unheld.Sum(hash => _sizes[hash]);

    /// <summary>The stored files that nothing holds once the results are gone.</summary>
    public IEnumerable<ContentHash> Files =>
        [.. Unheld, .. _holders.Where(pair => pair.Value == 0).Select(pair => pair.Key)];

    private bool IsSettled(ContentHash hash) =>
        _workspace.Artifacts.Find(hash) is { } file && file.LastWriteTimeUtc < SettledBefore.UtcDateTime;

    /// <summary>The results that stay whatever their age.</summary>
    public static IReadOnlySet<ContentHash> KeptRecords(Workspace workspace, IReadOnlySet<ContentHash> registered)
    {
        var kept = workspace.LastFingerprints();
        kept.UnionWith(workspace.Pins.All().Select(pin => pin.Fingerprint));
        kept.UnionWith(registered);
        return kept;
    }

    // A recipe among them names the inputs without which its version could not be made again.
    private static IEnumerable<ContentHash> Registered(Workspace workspace, ContentHash hash) =>
        workspace.Artifacts.Find(hash) is not { } file ? [hash]
        : workspace.TreeOf(file, hash) is { } tree ? [hash, .. tree.Entries.Select(entry => entry.Hash)]
        : Recipe.IsOne(file.FullName) && workspace.RecipeOf(hash) is { } recipe ?
        [
            hash,
            .. from entry in recipe.Entries
               where entry is { Kind: RecipeKind.Input, Type: "file" or "folder" or RecipeEntry.FilesType }
               let input = ContentHash.Parse(entry.Value)
               from needed in entry.Type == "folder"
                   ? workspace.FilesOf(new Artifact(input, ArtifactKind.Folder, 0)) : [input]
               select needed,
        ]
        : [hash];

    // Seconds of work for each byte and each day without use.
    private double WorthOf(Candidate result) => result.Record.Duration.TotalSeconds
        / Math.Max(1, result.Record.Outputs.Sum(output => output.Artifact.SizeBytes))
        / (1 + Math.Max(0, (_now - result.UsedAt).TotalDays));

    private void Hold(ContentHash hash) => _holders[hash] = _holders.GetValueOrDefault(hash) + 1;

    private void Leave(Candidate result)
    {
        var freed = 0L;
        foreach (var hash in result.Files)
        {
            if (--_holders[hash] == 0)
                freed += _sizes.GetValueOrDefault(hash);
        }
        RemainingBytes -= freed;
        _leaving.Add(new(result.Record, result.UsedAt, freed));
    }

    // When the oldest build that runs began to work; null if none does.
    private DateTimeOffset? OldestBuild()
    {
        if (!Directory.Exists(_workspace.WorkFolder))
            return null;
        DateTimeOffset? oldest = null;
        foreach (var file in Directory.EnumerateFiles(_workspace.WorkFolder, "*.lock").Where(IsHeld))
        {
            var began = new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero);
            if (oldest is null || began < oldest)
                oldest = began;
        }
        return oldest;
    }

    // A killed build's is free.
    private static bool IsHeld(string lockFile)
    {
        try
        {
            using var dead = StoreLock.TryTake(lockFile);
            return dead is null;
        }
        catch (StoreException)
        {
            // Nobody can tell, so nothing young goes.
            return true;
        }
    }
}
