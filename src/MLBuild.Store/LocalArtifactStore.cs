namespace MLBuild.Store;

/// <summary>Artifacts as read-only files in a folder on this machine: <c>cas/8f/8f2c…</c>, named by their SHA-256.</summary>
public sealed class LocalArtifactStore : IArtifactStore
{
    private readonly string _root;
    private readonly string _cas;
    private readonly string _quarantine;

    /// <param name="root">The store's folder; made when first written.</param>
    public LocalArtifactStore(string root)
    {
        _root = Path.GetFullPath(root);
        _cas = Path.Combine(_root, "cas");
        _quarantine = Path.Combine(_root, "quarantine");
    }

    public Artifact Add(string path)
    {
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
            AtomicFile.WriteText(PathOf(hash), text);
            File.SetAttributes(PathOf(hash), FileAttributes.ReadOnly);
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
        var path = PathOf(hash);
        if (!File.Exists(path))
            throw LostArtifactException.Missing(hash);
        var actual = FileHasher.Hash(path);
        return actual == hash ? path : throw Quarantine(hash, actual);
    }

    public void Restore(Artifact artifact, string path)
    {
        if (artifact.Kind == ArtifactKind.File)
        {
            RestoreFile(artifact.Hash, path);
            return;
        }
        // A folder cannot be renamed over another, so it is built beside its place and swapped in.
        var tree = ReadTree(artifact.Hash);
        var beside = AtomicFile.TemporaryBeside(path);
        try
        {
            Directory.CreateDirectory(beside);
            foreach (var entry in tree.Entries)
                RestoreFile(entry.Hash, Path.Combine(beside, entry.Path));
            RemoveReadOnly(path);
            Directory.Move(beside, path);
        }
        catch (Exception e)
        {
            RemoveReadOnly(beside);
            throw StoreUnavailableException.Explains(e) ? new StoreUnavailableException(path, e) : e;
        }
    }

    /// <summary>The files of a folder artifact.</summary>
    /// <exception cref="LostArtifactException">The tree is missing, or was damaged and is now quarantined.</exception>
    public FolderTree ReadTree(ContentHash hash) => FolderTree.Parse(File.ReadAllText(Verified(hash)));

    /// <summary>Removes a file or folder although its files are read-only.</summary>
    public static void RemoveReadOnly(string path)
    {
        if (File.Exists(path))
        {
            File.SetAttributes(path, FileAttributes.Normal);
            File.Delete(path);
        }
        else if (Directory.Exists(path))
        {
            foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
                File.SetAttributes(file, FileAttributes.Normal);
            Directory.Delete(path, recursive: true);
        }
    }

    internal string PathOf(ContentHash hash) => Path.Combine(_cas, hash.Hex[..2], hash.Hex);

    private Artifact AddFile(string path)
    {
        var size = new FileInfo(path).Length;
        var hash = FileHasher.Hash(path);
        var place = PathOf(hash);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.SetAttributes(path, FileAttributes.ReadOnly);
        // Rename last: a crash before it leaves a file in the work folder, never a wrong artifact. And always, even if the
        // hash is there: these bytes are known to be good, those may have rotted.
        AtomicFile.MoveOver(path, place);
        return new(hash, ArtifactKind.File, size);
    }

    private Artifact AddFolder(string folder)
    {
        var entries = new List<FolderTree.Entry>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var added = AddFile(file);
            entries.Add(new(Path.GetRelativePath(folder, file).Replace('\\', '/'), added.Hash, added.SizeBytes));
        }
        var tree = new FolderTree(entries);
        var hash = AddText(tree.ToText());
        Directory.Delete(folder, recursive: true);
        return new(hash, ArtifactKind.Folder, tree.SizeBytes);
    }

    private void RestoreFile(ContentHash hash, string path)
    {
        var source = PathOf(hash);
        if (!File.Exists(source))
            throw LostArtifactException.Missing(hash);
        var actual = hash;
        try
        {
            AtomicFile.Write(path, stream =>
            {
                actual = FileHasher.Copy(source, stream);
                if (actual != hash)
                    throw Quarantine(hash, actual);
            });
            File.SetAttributes(path, FileAttributes.ReadOnly);
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            throw new StoreUnavailableException(path, e);
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

    private LostArtifactException Quarantine(ContentHash expected, ContentHash actual)
    {
        var place = Path.Combine(_quarantine, $"{expected.Hex}-{actual.Short}");
        Directory.CreateDirectory(_quarantine);
        File.Move(PathOf(expected), place, overwrite: true);
        return LostArtifactException.Corrupt(expected, actual, Path.GetRelativePath(_root, place).Replace('\\', '/'));
    }
}
