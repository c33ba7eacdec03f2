using System.Collections.Concurrent;
using System.Globalization;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>Reads everything that is stored and says what is not as it should be, and what becomes of that.</summary>
public sealed class StoreVerification(Workspace workspace)
{
    /// <summary>What was read, and what is wrong.</summary>
    /// <param name="Copies">Files under <c>artifacts/</c>.</param>
    /// <param name="Faults">One sentence or two for each; none if all is well.</param>
    public sealed record Report(long Artifacts, long SizeBytes, int Records, int Copies, IReadOnlyList<string> Faults)
    {
        public override string ToString() =>
            $"{Wording.Count(Artifacts, "artifact")} ({Wording.Size(SizeBytes)}), " +
            $"{Wording.Count(Records, "record")} and " +
            (Copies == 1 ? "1 copy" : string.Create(CultureInfo.InvariantCulture, $"{Copies:N0} copies"));
    }

    /// <summary>Quarantines what is damaged. What is only missing, or edited under <c>artifacts/</c>, stays as it
    /// is.</summary>
    public Report Run(CancellationToken cancel)
    {
        var damagedRecords = DamagedRecords().ToArray();
        var check = workspace.Artifacts.VerifyAll(cancel);
        var records = workspace.Records.All().OrderBy(record => record.Stage, StringComparer.Ordinal)
            .ThenBy(record => record.Fingerprint).ToArray();
        var damaged = check.Damaged.ToDictionary(fault => fault.File.Hash, fault => fault.Message);
        var current = workspace.LastUnits().Select(unit => (unit, record: workspace.Last(unit))).ToArray();
        var copies = Copies(current.Select(last => last.record).OfType<ActionRecord>()).ToArray();
        var edited = Edited(copies, cancel);
        string[] faults =
        [
            .. damagedRecords,
            .. records.SelectMany(record => Faults(record, damaged)),
            .. Unowned(damaged, records),
            .. current.Where(last => last.record is null).Select(last =>
                $"{last.unit}: the record of its last result is damaged or gone. {Again(last.unit)}"),
            .. edited.Select(path => $"artifacts/{path} is not what the store has. The next run puts it back."),
        ];
        return new(check.Files, check.SizeBytes, records.Length, copies.Length, faults);
    }

    private static string Again(string unit) => $"{unit} will run again when next needed.";

    private IEnumerable<string> Faults(ActionRecord record, IReadOnlyDictionary<ContentHash, string> damaged)
    {
        if (damaged.TryGetValue(record.Fingerprint, out var recipe))
            yield return $"The recipe of {record.Stage}: {recipe} Its result is intact, but Why cannot explain it.";
        else if (workspace.RecipeOf(record.Fingerprint) is null)
            yield return $"The recipe of {record.Stage} ({record.Fingerprint.Short}) is missing or not a recipe. Its " +
                $"result is intact, but Why cannot explain it.";
        foreach (var list in workspace.ListsOf(record))
        {
            if (damaged.TryGetValue(list, out var message))
                yield return $"The list of files that {record.Stage} read: {message} Its result is intact, but Why " +
                    $"cannot name the files that changed.";
        }
        foreach (var output in record.Outputs)
        {
            if (damaged.TryGetValue(output.Artifact.Hash, out var message))
                yield return $"{record.Stage}/{output.Name}: {message} {Again(record.Stage)}";
            else if (Lost(output.Artifact, damaged) is { } lost)
                yield return $"{record.Stage}/{output.Name}: {lost} {Again(record.Stage)}";
        }
    }

    // Null if all of it is there.
    private string? Lost(Artifact artifact, IReadOnlyDictionary<ContentHash, string> damaged)
    {
        if (workspace.Artifacts.Contains(artifact))
            return null;
        try
        {
            if (artifact.Kind == ArtifactKind.Folder)
                foreach (var entry in workspace.Artifacts.ReadTree(artifact.Hash).Entries)
                {
                    if (damaged.TryGetValue(entry.Hash, out var message))
                        return $"{entry.Path}: {message}";
                    if (!workspace.Artifacts.Contains(new(entry.Hash, ArtifactKind.File, entry.SizeBytes)))
                        return $"{entry.Path}: artifact {entry.Hash.Short} is not in the store.";
                }
        }
        catch (LostArtifactException)
        {
            // Said of the folder as a whole.
        }
        return $"artifact {artifact.Hash.Short} is not in the store.";
    }

    private IEnumerable<string> Unowned(Dictionary<ContentHash, string> damaged, ActionRecord[] records)
    {
        var owned = records.SelectMany(workspace.FilesOf).ToHashSet();
        return damaged.Where(fault => !owned.Contains(fault.Key)).OrderBy(fault => fault.Key)
            .Select(fault => $"{fault.Value} No result needs it.");
    }

    private IEnumerable<string> DamagedRecords()
    {
        foreach (var (fingerprint, quarantine) in workspace.Records.QuarantineDamaged())
        {
            var stage = workspace.RecipeOf(fingerprint)?.Entries
                .FirstOrDefault(entry => entry.Kind == RecipeKind.Stage)?.Name ?? "Its stage";
            yield return $"Record {fingerprint.Short} is damaged. {(quarantine is null
                ? "The store cannot be written, so it stays where it is, and is not believed."
                : $"It was quarantined as '{quarantine}'.")} {Again(stage)}";
        }
    }

    private IEnumerable<(string Place, ContentHash Hash)> Copies(IEnumerable<ActionRecord> current)
    {
        foreach (var record in current)
            foreach (var output in record.Outputs)
            {
                var place = $"{record.Stage}/{output.Name.TrimEnd('/')}";
                if (output.Artifact.Kind == ArtifactKind.File && Exists(place))
                    yield return (place, output.Artifact.Hash);
                else if (output.Artifact.Kind == ArtifactKind.Folder
                    && workspace.TreeOf(output.Artifact.Hash) is { } tree)
                    foreach (var entry in tree.Entries.Where(entry => Exists($"{place}/{entry.Path}")))
                        yield return ($"{place}/{entry.Path}", entry.Hash);
            }

        bool Exists(string place) => File.Exists(Path.Combine(workspace.ArtifactsFolder, place));
    }

    private IEnumerable<string> Edited((string Place, ContentHash Hash)[] copies, CancellationToken cancel)
    {
        var edited = new ConcurrentBag<string>();
        Parallel.ForEach(copies, new ParallelOptions { CancellationToken = cancel }, copy =>
        {
            try
            {
                if (FileHasher.Hash(Path.Combine(workspace.ArtifactsFolder, copy.Place)) != copy.Hash)
                    edited.Add(copy.Place);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // A build is just replacing it; a missing copy is no fault.
            }
        });
        return edited.Order(StringComparer.Ordinal);
    }
}
