namespace MLBuild.Store;

/// <summary>The part that is about a store as a whole: listing, verifying and removing.</summary>
public sealed partial class LocalArtifactStore
{
    /// <summary>Every stored file, recipes and the texts of folders included, in no particular order. One that another
    /// process removes meanwhile may be missing from it.</summary>
    public IEnumerable<StoredFile> All() => !Directory.Exists(_cas)
        ? []
        : new DirectoryInfo(_cas).EnumerateFiles("*", OwnFiles)
            .Select(file => ContentHash.TryParse(file.Name, out var hash) && file.Exists
                ? new StoredFile(hash, file.Length) : null)
            .OfType<StoredFile>();

    /// <summary>Reads every stored file on all cores and quarantines those whose bytes do not match their name. The
    /// stages that wrote them run again when they are asked for.</summary>
    /// <exception cref="OperationCanceledException">It was called off.</exception>
    public StoreCheck VerifyAll(CancellationToken cancel)
    {
        var (files, bytes) = (0L, 0L);
        var damaged = new List<StoreCheck.Fault>();
        Parallel.ForEach(All(), new ParallelOptions { CancellationToken = cancel }, file =>
        {
            try
            {
                Verified(file.Hash);
            }
            catch (Exception e) when (e is StoreException && File.Exists(PathOf(file.Hash))
                || e is LostArtifactException { IsCorrupt: true })
            {
                // Where it could not be quarantined, it is still there, and still never served.
                lock (damaged)
                    damaged.Add(new(file, e.Message));
            }
            catch (LostArtifactException)
            {
                // Removed since it was listed.
                return;
            }
            Interlocked.Increment(ref files);
            Interlocked.Add(ref bytes, file.SizeBytes);
        });
        return new(files, bytes, [.. damaged.OrderBy(fault => fault.File.Hash)]);
    }

    /// <summary>Where a stored file is, or null if it is not there.</summary>
    public FileInfo? Find(ContentHash hash) => new FileInfo(PathOf(hash)) is { Exists: true } file ? file : null;

    /// <summary>Removes a stored file, unless it was stored anew since. Whoever needs it finds it lost, and the stage
    /// that wrote it runs again: remove the records that promise it first.</summary>
    /// <param name="storedBefore">One that was stored later stays.</param>
    /// <returns>False if it stays, or was not there.</returns>
    /// <exception cref="StoreUnavailableException">The store is read-only.</exception>
    public bool Remove(ContentHash hash, DateTimeOffset storedBefore)
    {
        try
        {
            return AtomicFile.Remove(PathOf(hash), file => file.LastWriteTimeUtc < storedBefore.UtcDateTime);
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            throw new StoreUnavailableException(_root, e);
        }
    }
}

/// <summary>One file of a store: an artifact, a file of a folder, a folder's text or a recipe.</summary>
public sealed record StoredFile(ContentHash Hash, long SizeBytes);

/// <summary>What was found when a whole store was read.</summary>
/// <param name="Damaged">By hash. They were quarantined, unless the store cannot be written.</param>
public sealed record StoreCheck(long Files, long SizeBytes, IReadOnlyList<StoreCheck.Fault> Damaged)
{
    /// <param name="Message">What was expected, what was found, and where it is now.</param>
    public sealed record Fault(StoredFile File, string Message);
}
