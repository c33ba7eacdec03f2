namespace MLBuild.Store;

/// <summary>The records of a store, by fingerprint: <c>ac/4b/4b1f…</c>.</summary>
public sealed class ActionRecords(string root)
{
    private readonly string _folder = Path.Combine(Path.GetFullPath(root), "ac");

    /// <summary>What this fingerprint produced, or null if nothing is known of it.</summary>
    public ActionRecord? Find(ContentHash fingerprint)
    {
        // A record under another's name is as good as damaged.
        return Read(PathOf(fingerprint)) is { } record && record.Fingerprint == fingerprint ? record : null;
    }

    /// <summary>Publishes a record in one step. Its artifacts must be in the store already: a record is a
    /// promise.</summary>
    /// <exception cref="StoreUnavailableException">The disk is full or read-only.</exception>
    public void Put(ActionRecord record)
    {
        try
        {
            AtomicFile.WriteText(PathOf(record.Fingerprint), record.ToText());
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            throw new StoreUnavailableException(_folder, e);
        }
    }

    /// <summary>When a record was last made or its result restored.</summary>
    public DateTimeOffset UsedAt(ContentHash fingerprint) =>
        new(File.GetLastWriteTimeUtc(PathOf(fingerprint)), TimeSpan.Zero);

    /// <summary>Notes that a result is used, which keeps it from being removed. A store that cannot be written notes
    /// nothing, and removes nothing either.</summary>
    /// <returns>False if it has just been removed.</returns>
    public bool Use(ContentHash fingerprint, DateTimeOffset now)
    {
        try
        {
            File.SetLastWriteTimeUtc(PathOf(fingerprint), now.UtcDateTime);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            return true;
        }
    }

    /// <summary>Takes a promise back, unless it was used since. Its artifacts stay.</summary>
    /// <param name="usedAt">What <see cref="UsedAt"/> said when it was chosen.</param>
    /// <returns>False if it was used, or not there.</returns>
    /// <exception cref="StoreUnavailableException">The store is read-only.</exception>
    public bool Remove(ContentHash fingerprint, DateTimeOffset usedAt)
    {
        try
        {
            return AtomicFile.Remove(PathOf(fingerprint), file => file.LastWriteTimeUtc == usedAt.UtcDateTime);
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            throw new StoreUnavailableException(_folder, e);
        }
    }

    /// <summary>Takes aside the records that are damaged, so that their stages run again.</summary>
    /// <returns>Where each is now, relative to the store; null if the store cannot be written.</returns>
    public IReadOnlyList<(ContentHash Fingerprint, string? Quarantine)> QuarantineDamaged()
    {
        var damaged = new List<(ContentHash, string?)>();
        foreach (var fingerprint in Fingerprints().Where(fingerprint => Find(fingerprint) is null).ToArray())
        {
            var name = $"quarantine/record-{fingerprint}";
            try
            {
                var place = Path.Combine(Path.GetDirectoryName(_folder)!, name);
                Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                File.Move(PathOf(fingerprint), place, overwrite: true);
                // A build may have made it anew just before.
                if (Read(place) is { } whole && whole.Fingerprint == fingerprint)
                    File.Move(place, PathOf(fingerprint), overwrite: true);
                else
                    damaged.Add((fingerprint, name));
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Removed since it was listed.
            }
            catch (Exception e) when (StoreUnavailableException.Explains(e))
            {
                damaged.Add((fingerprint, null));
            }
        }
        return damaged;
    }

    /// <summary>Every record, in no particular order.</summary>
    public IEnumerable<ActionRecord> All() => Fingerprints().Select(Find).OfType<ActionRecord>();

    /// <summary>The whole records in one of the folders that records are in.</summary>
    internal static IEnumerable<ActionRecord> In(string folder) => Directory.EnumerateFiles(folder)
        .Select(path => ContentHash.TryParse(Path.GetFileName(path), out var fingerprint)
            && Read(path) is { } record && record.Fingerprint == fingerprint ? record : null)
        .OfType<ActionRecord>();

    private IEnumerable<ContentHash> Fingerprints() => !Directory.Exists(_folder)
        ? []
        : Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
            .Select(path => ContentHash.TryParse(Path.GetFileName(path), out var fingerprint) ? fingerprint : null)
            .OfType<ContentHash>();

    private static ActionRecord? Read(string path) =>
        AtomicFile.TextOf(path) is { } text ? ActionRecord.Parse(text) : null;

    private string PathOf(ContentHash fingerprint) => Path.Combine(_folder, fingerprint.Hex[..2], fingerprint.Hex);
}
