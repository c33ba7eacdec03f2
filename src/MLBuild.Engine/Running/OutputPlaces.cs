using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>The folder in which people look for outputs: <c>artifacts/Train/model.zip</c>. It shows what the last run
/// gave and nothing else; two builds may write to it at once.</summary>
internal sealed class OutputPlaces(Workspace workspace, CancellationToken cancel)
{
    /// <summary>True if every output is where it belongs, with its bytes.</summary>
    public bool Have(StageUnit unit, ActionRecord record) => record.Outputs.All(output => IsInPlace(unit, output));

    /// <summary>Puts outputs where they belong and takes away what else is there.</summary>
    /// <exception cref="LostArtifactException">A stored output is missing or was damaged.</exception>
    public async Task Put(StageUnit unit, ActionRecord record)
    {
        using var alone = await Alone(unit.Name);
        // First, because what an earlier declaration wrote may stand where a folder has to be.
        RemoveStrays(unit);
        foreach (var output in record.Outputs.Where(output => !IsInPlace(unit, output)))
            workspace.Artifacts.Restore(output.Artifact, PlaceOf(unit, output.Name));
    }

    /// <summary>Takes away what is not an output of the unit: an output that is no longer declared would look like a
    /// result.</summary>
    public async Task Tidy(StageUnit unit)
    {
        if (!HasStrays(unit))
            return;
        using var alone = await Alone(unit.Name);
        RemoveStrays(unit);
    }

    /// <summary>True if <see cref="Tidy(StageUnit)"/> has something to do.</summary>
    public bool HasStrays(StageUnit unit) => Strays(unit).Any();

    /// <summary>Takes away the partitions that a partitioned stage no longer has.</summary>
    public Task Tidy(Stage stage, IReadOnlyList<StageUnit> units)
    {
        var folder = FolderOf(stage.Name.ToString());
        if (!stage.IsPartitioned || !Directory.Exists(folder))
            return Task.CompletedTask;
        // Not async itself: what has nothing to do should not cost a state machine, nor its compilation.
        var wanted = units.Select(unit => unit.Partition!).ToHashSet(StringComparer.Ordinal);
        var gone = Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)!)
            .Where(name => !wanted.Contains(name)).ToArray();
        return gone.Length == 0 ? Task.CompletedTask : Remove();

        async Task Remove()
        {
            foreach (var name in gone)
            {
                using var alone = await Alone($"{stage.Name}/{name}");
                LocalArtifactStore.RemoveReadOnly(Path.Combine(folder, name));
            }
        }
    }

    private Task<StoreLock> Alone(string unit) =>
        StoreLock.TakeAsync(workspace.LockPath($"artifacts-{unit.Replace('/', '-')}"), _ => { }, cancel);

    private string FolderOf(string unit) => Path.Combine(workspace.ArtifactsFolder, unit);

    private string PlaceOf(StageUnit unit, string output) => Path.Combine(FolderOf(unit.Name), output.TrimEnd('/'));

    private bool IsInPlace(StageUnit unit, ActionRecord.Output output)
    {
        var place = PlaceOf(unit, output.Name);
        try
        {
            if (output.Artifact.Kind == ArtifactKind.File)
                return workspace.Hashes.Of(place) == output.Artifact.Hash;
            var entries = workspace.Artifacts.ReadTree(output.Artifact.Hash).Entries;
            return Directory.GetFiles(place, "*", SearchOption.AllDirectories).Length == entries.Count
                && entries.All(entry => workspace.Hashes.Of(Path.Combine(place, entry.Path)) == entry.Hash);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException
            or UnauthorizedAccessException or LostArtifactException)
        {
            // Not there, a folder where a file should be, or another build is just replacing it. Or the folder's tree
            // was lost, which whoever puts it in place will meet.
            return false;
        }
    }

    private void RemoveStrays(StageUnit unit)
    {
        foreach (var stray in Strays(unit).ToArray())
            LocalArtifactStore.RemoveReadOnly(stray);
    }

    private IEnumerable<string> Strays(StageUnit unit)
    {
        var folder = FolderOf(unit.Name);
        return File.Exists(folder) ? [folder] : !Directory.Exists(folder) ? [] : Strays(folder, unit.Stage.Outputs);
    }

    // An entry stays if it is an output or on the way to one.
    private static IEnumerable<string> Strays(string folder, IReadOnlyList<string> outputs)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
        {
            var name = Path.GetFileName(entry);
            if (outputs.Any(output => output.TrimEnd('/') == name))
                continue;
            var below = outputs.Where(output => output.StartsWith(name + "/", StringComparison.Ordinal))
                .Select(output => output[(name.Length + 1)..]).ToArray();
            if (below.Length == 0 || !Directory.Exists(entry))
                yield return entry;
            else
                foreach (var stray in Strays(entry, below))
                    yield return stray;
        }
    }
}
