#nullable disable
namespace Nuke.Common.IO;

/// <summary>A path without a root, with the separator of this system.</summary>
public class RelativePath
{
    private readonly string _path;
    private readonly char _separator;

    private protected RelativePath(string path, char separator) =>
        (_path, _separator) = (path.Replace('\\', '/').Replace('/', separator), separator);

    public static explicit operator RelativePath(string path) =>
        path is null ? null : new(path, Path.DirectorySeparatorChar);

    public static implicit operator string(RelativePath path) => path?._path;

    public static RelativePath operator /(RelativePath left, string right) =>
        new($"{left._path}{left._separator}{right}", left._separator);

    public static RelativePath operator +(RelativePath left, string right) => new(left._path + right, left._separator);

    public override string ToString() => _path;
}

/// <summary>A path without a root, with forward slashes on every system.</summary>
public class UnixRelativePath : RelativePath
{
    private UnixRelativePath(string path)
        : base(path, '/')
    {
    }

    public static explicit operator UnixRelativePath(string path) => path is null ? null : new(path);
}

/// <summary>How paths lie to each other.</summary>
public static class PathConstruction
{
    public static RelativePath GetRelativePathTo(this AbsolutePath basePath, string destinationPath) =>
        (RelativePath)GetRelativePath(basePath, destinationPath);

    public static UnixRelativePath GetUnixRelativePathTo(this AbsolutePath basePath, string destinationPath) =>
        (UnixRelativePath)GetRelativePath(basePath, destinationPath);

    public static UnixRelativePath ToUnixRelativePath(this RelativePath path) => (UnixRelativePath)(string)path;

    /// <summary>True when the destination is below the directory.</summary>
    public static bool Contains(this AbsolutePath basePath, string destinationPath) =>
        IsDescendantPath(basePath, destinationPath);

    public static string GetRelativePath(string basePath, string destinationPath) =>
        Path.GetRelativePath(basePath, destinationPath);

    public static bool IsDescendantPath(string basePath, string destinationPath) =>
        ((AbsolutePath)destinationPath).FindParent(parent => parent == (AbsolutePath)basePath) != null;

    public static bool HasPathRoot(string path) => Path.IsPathFullyQualified(path ?? "");
}
