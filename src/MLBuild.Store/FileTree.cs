namespace MLBuild.Store;

/// <summary>Files under one folder with their hashes, as they were when they were looked at. Held as the bytes that
/// <see cref="FileTrees"/> remembers, so that a hundred thousand unchanged files are no objects.</summary>
public sealed class FileTree
{
    private readonly TreeBytes _bytes;
    private FolderTree? _tree;
    private string? _text;

    /// <param name="text">The same as a text, if it is there anyway.</param>
    internal FileTree(string root, TreeBytes bytes, string? text = null) => (Root, _bytes, _text) = (root, bytes, text);

    /// <summary>The folder, as a full path.</summary>
    public string Root { get; }

    /// <summary>The hash of the <see cref="FolderTree"/> of these files.</summary>
    public ContentHash Hash => _bytes.TreeHash;

    /// <summary>Another than before if any of the files was written since, be it with the same bytes.</summary>
    public ContentHash Stamp => _bytes.Stamp;

    public int Count => _bytes.Files.Length;

    /// <summary>The text whose hash is <see cref="Hash"/>.</summary>
    public string Text => _text ??= ToFolderTree().ToText();

    /// <summary>The files, by path relative to the folder.</summary>
    public FolderTree ToFolderTree() => _tree ??= new([.. _bytes.Files.Select(place => new FolderTree.Entry(
        _bytes.RelativePathAt(place, Root), _bytes.HashAt(place), _bytes.IdentityAt(place).SizeBytes))]);
}
