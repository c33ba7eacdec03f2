using System.IO.Enumeration;

namespace MLBuild.Store;

/// <summary>Folders of inputs, hashed on all cores, each file only if the file system says that it may have changed.
/// What is remembered for the next run saves work and decides nothing.</summary>
/// <remarks>A file for each folder: <c>trees/5f/5f1c…</c>. As long as no folder in it has another identity, it holds
/// the same names, and nothing has to be listed; as long as no file has another, nothing has to be read.</remarks>
public sealed class FileTrees(string folder, TimeProvider clock)
{
    // Below this, starting threads takes longer than they save.
    private const int FewFiles = 256;
    private const int FewFolders = 8;

    /// <summary>The files under a folder, as they are now.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="selection">Which files count.</param>
    /// <exception cref="DirectoryNotFoundException">The folder is not there.</exception>
    /// <exception cref="StoreException">A link in it leads to a folder or to nothing.</exception>
    public FileTree Of(string root, FileSelection selection)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        var place = PlaceOf(root, selection);
        var known = AtomicFile.BytesOf(place) is { } bytes ? TreeBytes.Open(bytes) : null;
        if (known is not null && IsUnchanged(known))
            return new(root, known);
        // The time before looking: what changes during or after it has a later stamp, or is too young.
        var lookedAt = clock.GetUtcNow();
        var (folders, paths) = List(root, selection);
        var files = Hash(paths, known);
        // Beside each other: of many files, both take long.
        var text = Task.Run(() => new FolderTree([.. files.Select(file => new FolderTree.Entry(
            Relative(root, file.Path), file.Hash!, file.Identity.SizeBytes))]).ToText());
        var now = TreeBytes.Of(() => ContentHash.Of(text.GetAwaiter().GetResult()), SaveMark.Now(clock),
            identity => identity.IsSettled(lookedAt), folders, files);
        try
        {
            AtomicFile.Write(place, now.WriteTo);
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            // What cannot be remembered is looked at again next time.
        }
        return new(root, now, text.GetAwaiter().GetResult());
    }

    private static bool IsUnchanged(TreeBytes known) =>
        All(known.Folders, place => known.IsSame(place, known.IdentityNow(place)))
            && All(known.Files, place => known.IsSame(place, known.IdentityNow(place)));

    private static bool All(int[] places, Func<int, bool> holds) => places.Length < FewFiles
        ? Array.TrueForAll(places, place => holds(place))
        : Parallel.ForEach(places, (place, loop) =>
        {
            if (!holds(place))
                loop.Stop();
        }).IsCompleted;

    // Folders before what is in them; files in the order of their paths.
    private static (List<LookedAt> Folders, List<string> Files) List(
        string root, FileSelection selection)
    {
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException($"There is no folder '{root}'.");
        var (folders, files) = (new List<LookedAt>(), new List<string>());
        // Level by level, the folders of one beside each other.
        for (var (level, depth) = (new List<string> { root }, 0); level.Count > 0; depth++)
        {
            var listings = new Listing[level.Count];
            SideBySide.For(level.Count, FewFolders, i => listings[i] = Listing.Of(level[i], root, selection, depth));
            level = [];
            foreach (var listing in listings)
            {
                folders.Add(listing.Folder);
                files.AddRange(listing.Files);
                level.AddRange(listing.Folders);
            }
            level.Sort(StringComparer.Ordinal);
        }
        // What each folder holds is sorted beside the others; mostly that is all.
        if (!IsSorted(files))
            files.Sort(StringComparer.Ordinal);
        return (folders, files);
    }

    private static bool IsSorted(List<string> paths)
    {
        for (var i = 1; i < paths.Count; i++)
        {
            if (string.CompareOrdinal(paths[i - 1], paths[i]) > 0)
                return false;
        }
        return true;
    }

    /// <summary>What is in one folder.</summary>
    private sealed record Listing(LookedAt Folder, List<string> Files, List<string> Folders)
    {
        public static Listing Of(string folder, string root, FileSelection selection, int depth)
        {
            // Its identity before it is listed: what is added meanwhile gives it a later one.
            var listing = new Listing(new(folder, FileIdentity.Of(folder) ?? default, Hash: null), [], []);
            var entries = new FileSystemEnumerable<(string Path, bool IsFolder, bool IsLink)>(
                folder,
                // To ask a file for its attributes is to ask the system once more.
                (ref FileSystemEntry entry) => (entry.ToFullPath(), entry.IsDirectory,
                    entry.IsDirectory && (entry.Attributes & FileAttributes.ReparsePoint) != 0),
                new() { AttributesToSkip = FileAttributes.None });
            foreach (var (path, isFolder, isLink) in entries)
            {
                if (!isFolder && (selection.Includes is null || selection.Includes(Relative(root, path))))
                    listing.Files.Add(path);
                else if (!isFolder || depth == selection.MostFolders)
                    continue;
                else if (isLink)
                    throw new StoreException($"'{path}' is a link to another folder, which is not followed. Name " +
                        $"that folder as an input itself.");
                else
                    listing.Folders.Add(path);
            }
            listing.Files.Sort(StringComparer.Ordinal);
            return listing;
        }
    }

    private static LookedAt[] Hash(List<string> paths, TreeBytes? known)
    {
        var before = known?.Files.ToDictionary(known.PathAt, StringComparer.Ordinal) ?? [];
        var files = new LookedAt[paths.Count];
        SideBySide.For(files.Length, FewFiles, HashOne);
        return files;

        void HashOne(int i)
        {
            var path = paths[i];
            if (known is not null && before.TryGetValue(path, out var place)
                && FileIdentity.Of(path) is { } identity && known.IsSame(place, identity))
            {
                files[i] = new(path, identity, known.HashAt(place));
                return;
            }
            try
            {
                var (now, hash) = FileHasher.Look(path);
                files[i] = new(path, now, hash);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new StoreException($"'{path}' is a link to nothing, or vanished while its folder was read. " +
                    $"Remove the link, or run the same command again.", e);
            }
        }
    }

    private static string Relative(string root, string path) => path[(root.Length + 1)..].Replace('\\', '/');

    private string PlaceOf(string root, FileSelection selection)
    {
        var name = ContentHash.Of($"{root}\n{selection.Name}").Hex;
        return Path.Combine(folder, name[..2], name);
    }
}

/// <summary>Which files under a folder count.</summary>
/// <param name="Name">Tells it from others; what is remembered of a folder is by it.</param>
/// <param name="MostFolders">How many folders deep a file may be.</param>
/// <param name="Includes">True for the path, relative to the folder and with <c>/</c>, of a file that counts; null if
/// every file does.</param>
public sealed record FileSelection(string Name, int MostFolders, Func<string, bool>? Includes)
{
    public static readonly FileSelection Everything = new("**", int.MaxValue, null);
}
