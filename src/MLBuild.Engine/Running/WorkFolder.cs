using MLBuild.Engine.History;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>The folder in which a running build writes outputs before they are published. Made when first needed; held
/// by a lock, so that what a killed build left is known and swept.</summary>
internal sealed class WorkFolder(Workspace workspace) : IDisposable
{
    private const string LockSuffix = ".lock";

    private readonly Lock _lock = new();
    private StoreLock? _held;
    private string? _path;

    /// <summary>A new empty folder for one unit.</summary>
    public string For(StageUnit unit)
    {
        var folder = Path.Combine(Own(), unit.Name);
        LocalArtifactStore.RemoveReadOnly(folder);
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Removes it. What work that was given up still writes there, the next build sweeps.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_path is not { } path)
            {
                Sweep();
                return;
            }
            _path = null;
            var isRemoved = Removed(path);
            _held!.Dispose();
            if (isRemoved)
                StoreLock.Forget(path + LockSuffix);
        }
    }

    private string Own()
    {
        lock (_lock)
        {
            if (_path is not null)
                return _path;
            Sweep();
            string path;
            do
            {
                path = Path.Combine(workspace.WorkFolder, $"{Environment.ProcessId}-{Guid.NewGuid():N}");
                // Another build that sweeps may take a new lock in the moment before its maker does, for a dead one's.
                _held = StoreLock.TryTake(path + LockSuffix);
            }
            while (_held is null);
            Directory.CreateDirectory(path);
            return _path = path;
        }
    }

    // A build that has nothing to run may not be able to write, and need not; one that has says why it cannot.
    private void Sweep()
    {
        try
        {
            SweepDead();
        }
        catch (Exception e) when (e is StoreException || StoreUnavailableException.Explains(e))
        {
            // The next build sweeps.
        }
    }

    private void SweepDead()
    {
        if (!Directory.Exists(workspace.WorkFolder))
            return;
        foreach (var file in Directory.GetFiles(workspace.WorkFolder, $"*{LockSuffix}"))
        {
            using var dead = StoreLock.TryTake(file);
            if (dead is null)
                continue;
            var path = file[..^LockSuffix.Length];
            KeepLogs(path);
            if (!Removed(path))
                continue;
            // Also what it was just writing about itself.
            foreach (var half in Directory.GetFiles(workspace.WorkFolder, $"{Path.GetFileName(file)}.*"))
                File.Delete(half);
            StoreLock.Forget(file);
        }
        // Work that went on while its interrupted build ended has made it anew. A folder is made after its lock.
        foreach (var orphan in Directory.GetDirectories(workspace.WorkFolder))
        {
            if (File.Exists(orphan + LockSuffix))
                continue;
            KeepLogs(orphan);
            Removed(orphan);
        }
        foreach (var holder in Directory.GetFiles(workspace.WorkFolder).Where(file => StoreLock.Of(file) != file))
        {
            if (!File.Exists(StoreLock.Of(holder)))
                File.Delete(holder);
        }
    }

    /// <summary>The folders of builds that were killed and not swept yet.</summary>
    public static IEnumerable<string> Dead(Workspace workspace) => !Directory.Exists(workspace.WorkFolder) ? []
        : Directory.GetDirectories(workspace.WorkFolder).Where(folder => !IsHeld(folder + LockSuffix));

    // Shared with others who only ask, so that they do not take each other for the holder.
    private static bool IsHeld(string path)
    {
        try
        {
            using var asked = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException e) when (StoreLock.IsHeld(e))
        {
            return true;
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            return false;
        }
    }

    // For people alone: what was said last tells where it was.
    private void KeepLogs(string folder)
    {
        foreach (var (unit, log) in UnitLogs.Below(folder))
        {
            try
            {
                var kept = Path.Combine(workspace.KilledFolder, unit, UnitLogs.FileName);
                Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
                File.Move(log, kept, overwrite: true);
            }
            catch (Exception e) when (StoreUnavailableException.Explains(e))
            {
                // As if the work had said nothing.
            }
        }
    }

    // Not while something still writes there, on Windows also while something has a file of it open.
    private static bool Removed(string path)
    {
        try
        {
            LocalArtifactStore.RemoveReadOnly(path);
            return true;
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            return false;
        }
    }
}
