using System.Text;

namespace MLBuild.Store;

/// <summary>Artifacts as read-only files in a folder on this machine: <c>cas/8f/8f2c…</c>, named by their
/// SHA-256.</summary>
public sealed partial class LocalArtifactStore : IArtifactStore
{
    /// <summary>All files below a folder, without links: what they lead to is not the store's to change.</summary>
    public static readonly EnumerationOptions OwnFiles = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private readonly string _root;
    private readonly string _cas;
    private readonly string _quarantine;
    private readonly Lock _quarantining = new();

    /// <param name="root">The store's folder; made when first written.</param>
    public LocalArtifactStore(string root)
    {
        _root = Path.GetFullPath(root);
        _cas = Path.Combine(_root, "cas");
        _quarantine = Path.Combine(_root, "quarantine");
    }

    public Artifact Add(string path)
    {
        if (!Path.Exists(path))
            throw new FileNotFoundException($"There is no file or folder '{path}' to store.", path);
        try
        {
            return Directory.Exists(path) ? AddFolder(path) : AddFile(path);
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            throw new StoreUnavailableException(_root, e);
        }
    }

    /// <summary>Adds a text as UTF-8 and returns its hash.</summary>
    /// <exception cref="StoreUnavailableException">The disk is full or read-only; nothing was added.</exception>
    public ContentHash AddText(string text)
    {
        var hash = ContentHash.Of(text);
        try
        {
            AtomicFile.Write(PathOf(hash), stream => stream.Write(Encoding.UTF8.GetBytes(text)),
                FileAttributes.ReadOnly);
            return hash;
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            throw new StoreUnavailableException(_root, e);
        }
    }

    public bool Contains(Artifact artifact) => artifact.Kind switch
    {
        ArtifactKind.File => HasFile(artifact.Hash, artifact.SizeBytes),
        ArtifactKind.Folder => File.Exists(PathOf(artifact.Hash)) && ContainsTree(artifact.Hash),
        _ => throw new InvalidOperationException($"BUG: unknown artifact kind {artifact.Kind}."),
    };

    public string Verified(ContentHash hash)
    {
        var actual = Reading(hash, FileHasher.Hash);
        return actual == hash ? PathOf(hash) : throw Quarantine(hash, actual);
    }

    public void Restore(Artifact artifact, string path)
    {
        try
        {
            if (artifact.Kind == ArtifactKind.File)
                RestoreFile(artifact.Hash, path);
            else
                RestoreFolder(artifact.Hash, path);
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            throw new PlaceUnavailableException(path, e);
        }
    }

    /// <summary>The files of a folder artifact.</summary>
    /// <exception cref="LostArtifactException">The tree is missing, or was damaged and is now quarantined.</exception>
    public FolderTree ReadTree(ContentHash hash) => FolderTree.Parse(ReadText(hash));

    /// <summary>A stored text: what is verified is what is returned, whatever happens to the file since.</summary>
    /// <exception cref="LostArtifactException">It is missing, or was damaged and is now quarantined.</exception>
    public string ReadText(ContentHash hash)
    {
        var bytes = Reading(hash, File.ReadAllBytes);
        var actual = ContentHash.Of(bytes);
        return actual == hash ? Encoding.UTF8.GetString(bytes) : throw Quarantine(hash, actual);
    }

    /// <summary>Removes a file, a link or a folder, although its files are read-only and others may be removing it
    /// too. What a link leads to stays.</summary>
    public static void RemoveReadOnly(string path)
    {
        if (File.Exists(path) || new FileInfo(path).LinkTarget is not null)
        {
            if (OperatingSystem.IsWindows())
                File.SetAttributes(path, FileAttributes.Normal);
            File.Delete(path);
        }
        // What vanishes under the walk ends it, however much is left.
        while (Directory.Exists(path) && !RemovedFolder(path))
            continue;
    }

    private static bool RemovedFolder(string path)
    {
        try
        {
            // Only Windows minds that a file to be removed is read-only.
            if (OperatingSystem.IsWindows())
            {
                foreach (var file in Directory.EnumerateFiles(path, "*", OwnFiles))
                    File.SetAttributes(file, FileAttributes.Normal);
            }
            Directory.Delete(path, recursive: true);
            return true;
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            return false;
        }
    }

    private string PathOf(ContentHash hash) => Path.Combine(_cas, hash.Hex[..2], hash.Hex);

    private Artifact AddFile(string path)
    {
        // A link is replaced by the bytes that it leads to: those are another's and may change.
        if (new FileInfo(path).LinkTarget is not null)
            AtomicFile.Write(path, stream => FileHasher.Copy(path, stream));
        var size = new FileInfo(path).Length;
        var hash = FileHasher.HashClosed(path);
        var place = PathOf(hash);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.SetAttributes(path, FileAttributes.ReadOnly);
        // By way of a name beside its place: from another disk, a move is a copy that can be cut short.
        var beside = AtomicFile.TemporaryBeside(place);
        try
        {
            File.Move(path, beside);
            // When it was stored, not when it was written: by that Prune tells what a running build may need.
            File.SetLastWriteTimeUtc(beside, DateTime.UtcNow);
            // Rename last: a crash before it leaves a temporary file, never a wrong artifact. And always, even if the
            // hash is there: these bytes are known to be good, those may have rotted.
            AtomicFile.MoveOver(beside, place);
        }
        catch
        {
            // Where it was before, unless it never left.
            if (!File.Exists(path) && File.Exists(beside))
                File.Move(beside, path);
            File.Delete(beside);
            throw;
        }
        return new(hash, ArtifactKind.File, size);
    }

    private Artifact AddFolder(string folder)
    {
        if (LinkedFolder(folder) is { } link)
            throw new StoreException($"'{link}' is a link to another folder, which a stored folder cannot hold. " +
                "Copy what is needed instead of linking to it.");
        var entries = new List<FolderTree.Entry>();
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            var added = AddFile(file);
            entries.Add(new(Path.GetRelativePath(folder, file).Replace('\\', '/'), added.Hash, added.SizeBytes));
        }
        var tree = new FolderTree(entries);
        var hash = AddText(tree.ToText());
        Directory.Delete(folder, recursive: true);
        return new(hash, ArtifactKind.Folder, tree.SizeBytes);
    }

    // Its files would be moved into the store, out of a folder that is not the stage's.
    private static string? LinkedFolder(string folder) => new DirectoryInfo(folder).LinkTarget is not null
        ? folder
        : Directory.EnumerateDirectories(folder).Select(LinkedFolder).FirstOrDefault(link => link is not null);

    // Asking whether it is there would not do: another may quarantine or prune it just then.
    private T Reading<T>(ContentHash hash, Func<string, T> read)
    {
        try
        {
            return read(PathOf(hash));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw LostArtifactException.Missing(hash);
        }
    }

    private void RestoreFile(ContentHash hash, string path) =>
        AtomicFile.Write(path, stream =>
        {
            var actual = Reading(hash, source => FileHasher.Copy(source, stream));
            if (actual != hash)
                throw Quarantine(hash, actual);
            // A rename replaces a file, or a link to one, but not a folder.
            if (Directory.Exists(path))
                RemoveReadOnly(path);
        }, FileAttributes.ReadOnly);

    // A folder cannot be renamed over another, so it is built beside its place and swapped in.
    private void RestoreFolder(ContentHash hash, string path)
    {
        var tree = ReadTree(hash);
        var beside = AtomicFile.TemporaryBeside(path);
        try
        {
            Directory.CreateDirectory(beside);
            foreach (var entry in tree.Entries)
                RestoreFile(entry.Hash, Path.Combine(beside, entry.Path));
            RemoveReadOnly(path);
            Directory.Move(beside, path);
        }
        catch
        {
            RemoveReadOnly(beside);
            throw;
        }
    }

    private bool HasFile(ContentHash hash, long sizeBytes) =>
        new FileInfo(PathOf(hash)) is { Exists: true } file && file.Length == sizeBytes;

    private bool ContainsTree(ContentHash hash)
    {
        try
        {
            return ReadTree(hash).Entries.All(entry => HasFile(entry.Hash, entry.SizeBytes));
        }
        catch (LostArtifactException)
        {
            return false;
        }
    }

    private StoreException Quarantine(ContentHash expected, ContentHash actual)
    {
        var place = Path.Combine(_quarantine, $"{expected.Hex}-{actual.Short}");
        try
        {
            Directory.CreateDirectory(_quarantine);
            // Looked at once more: since it was read, another may have quarantined it, and its writer stored it
            // again. One at a time, so that nothing is stored between the look and the move: its writer runs again
            // once a reader has quarantined it, not sooner.
            lock (_quarantining)
            {
                if (FileHasher.Hash(PathOf(expected)) != expected)
                    File.Move(PathOf(expected), place, overwrite: true);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Another reader was first.
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            return new StoreUnavailableException(_root, e);
        }
        return LostArtifactException.Corrupt(expected, actual, Path.GetRelativePath(_root, place).Replace('\\', '/'));
    }
}
