using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>Takes out of the store what a plan names, beside builds that may be running.</summary>
/// <remarks>A build that runs keeps what it makes: files and records younger than an hour, or than the oldest build
/// that runs, stay. A result is touched before it is restored, and what was touched since the plan was made stays; one
/// that was taken out first is made again.</remarks>
public sealed class StorePruning(Workspace workspace)
{
    /// <summary>What was taken out.</summary>
    public sealed record Removed(int Results, int Files, long Bytes, int Leftovers);

    /// <summary>What failed stages, damage and killed processes left, and is older than a limit.</summary>
    public IReadOnlyList<string> Leftovers(TimeSpan? olderThan)
    {
        var age = olderThan > PrunePlan.Fresh ? olderThan.Value : PrunePlan.Fresh;
        var before = workspace.Clock.GetUtcNow().UtcDateTime - age;
        return
        [
            .. Below("quarantine").Concat(Below("failed")).Concat(Below("killed"))
                .Where(path => olderThan is not null && IsOlder(path)),
            .. Below("cas").Concat(Below("ac")).Concat(Below("last"))
                .Where(path => AtomicFile.IsTemporary(path) && IsOlder(path)),
            .. Below("trees").Concat(Below("probes")).Where(path => olderThan is not null && IsOlder(path)),
            .. Below("locks").Where(IsOlder),
            .. Below("logs").Where(path => IsOlder(path) && ContentHash.TryParse(Path.GetFileName(path), out var hash)
                && workspace.Records.Find(hash) is null),
        ];

        IEnumerable<string> Below(string folder) => Path.Combine(workspace.StoreFolder, folder) is var path
            && Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", LocalArtifactStore.OwnFiles) : [];

        bool IsOlder(string path) => File.GetLastWriteTimeUtc(path) < before;
    }

    /// <exception cref="StoreException">Another Prune is at work, or the store cannot be written.</exception>
    public Removed Apply(PrunePlan plan, IReadOnlySet<ContentHash> registered, IReadOnlyList<string> leftovers)
    {
        using var alone = StoreLock.TryTake(workspace.LockPath("prune"))
            ?? throw new StoreException("Another Prune is at work on this store. Wait for it.");
        // Looked at again: a build may have made something the last result since the plan was made.
        var kept = PrunePlan.KeptRecords(workspace, registered);
        // Records first: a record is a promise.
        var results = plan.Results.Count(result => !kept.Contains(result.Record.Fingerprint)
            && workspace.Records.Remove(result.Record.Fingerprint, result.UsedAt));
        var held = workspace.Records.All().SelectMany(workspace.FilesOf).ToHashSet();
        var (files, bytes) = (0, 0L);
        foreach (var hash in plan.Files.Where(hash => !held.Contains(hash)))
        {
            if (workspace.Artifacts.Find(hash) is not { Length: var size }
                || !workspace.Artifacts.Remove(hash, plan.SettledBefore))
                continue;
            files++;
            bytes += size;
        }
        return new(results, files, bytes, leftovers.Count(RemovedUnlessHeld));
    }

    private bool RemovedUnlessHeld(string path)
    {
        if (!path.StartsWith(workspace.LockPath(""), StringComparison.Ordinal))
        {
            LocalArtifactStore.RemoveReadOnly(path);
            return true;
        }
        using var free = StoreLock.TryTake(StoreLock.Of(path));
        if (free is null)
            return false;
        StoreLock.Forget(StoreLock.Of(path));
        return true;
    }
}
