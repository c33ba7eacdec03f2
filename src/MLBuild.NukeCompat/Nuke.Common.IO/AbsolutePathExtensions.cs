#nullable disable
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Nuke.Common.Utilities.Collections;

namespace Nuke.Common.IO;

/// <summary>Asking for, making, listing and deleting files and directories.</summary>
public static partial class AbsolutePathExtensions
{
    public static bool FileExists(this AbsolutePath path) => File.Exists(path);

    public static bool DirectoryExists(this AbsolutePath path) => Directory.Exists(path);

    /// <summary>Whether a file or a directory is there.</summary>
    public static bool Exists(
        this AbsolutePath path, [CallerArgumentExpression(nameof(path))] string expression = null) =>
        Path.Exists(path);

    public static bool ContainsFile(
        this AbsolutePath path, string pattern, SearchOption options = SearchOption.TopDirectoryOnly) =>
        Directory.EnumerateFiles(path, pattern, options).Any();

    public static bool ContainsDirectory(
        this AbsolutePath path, string pattern, SearchOption options = SearchOption.TopDirectoryOnly) =>
        Directory.EnumerateDirectories(path, pattern, options).Any();

    /// <summary>The path, or null when nothing is there.</summary>
    public static AbsolutePath Existing(
        this AbsolutePath path, [CallerArgumentExpression(nameof(path))] string expression = null) =>
        path.Exists() ? path : null;

    public static AbsolutePath ExistingFile(this AbsolutePath path) => path.FileExists() ? path : null;

    public static AbsolutePath ExistingDirectory(this AbsolutePath path) => path.DirectoryExists() ? path : null;

    public static IEnumerable<AbsolutePath> WhereFileExists(this IEnumerable<AbsolutePath> paths) =>
        paths.Where(path => path.FileExists());

    public static IEnumerable<AbsolutePath> WhereDirectoryExists(this IEnumerable<AbsolutePath> paths) =>
        paths.Where(path => path.DirectoryExists());

    public static AbsolutePath CreateDirectory(this AbsolutePath path)
    {
        Directory.CreateDirectory(path);
        return path;
    }

    public static AbsolutePath CreateOrCleanDirectory(this AbsolutePath path)
    {
        path.DeleteDirectory();
        return path.CreateDirectory();
    }

    public static AbsolutePath TouchFile(this AbsolutePath path, DateTime? time = null, bool createDirectories = true)
    {
        if (createDirectories)
            path.Parent.CreateDirectory();
        if (!path.FileExists())
            File.WriteAllBytes(path, []);
        File.SetLastWriteTime(path, time ?? DateTime.Now);
        return path;
    }

    public static void DeleteFile(this AbsolutePath path)
    {
        if (!path.FileExists())
            return;
        AllowDeleting(path);
        File.Delete(path);
    }

    public static void DeleteDirectory(this AbsolutePath path)
    {
        if (!path.DirectoryExists())
            return;
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
            AllowDeleting(file);
        Directory.Delete(path, recursive: true);
    }

    public static void DeleteFiles(this IEnumerable<AbsolutePath> paths) => paths.ForEach(path => path.DeleteFile());

    public static void DeleteDirectories(this IEnumerable<AbsolutePath> paths) =>
        paths.ForEach(path => path.DeleteDirectory());

    /// <summary>The files of the directory, of those in it too where <paramref name="depth"/> is above 1.</summary>
    public static IEnumerable<AbsolutePath> GetFiles(
        this AbsolutePath path, string pattern = "*", int depth = 1, FileAttributes attributes = 0) =>
        depth <= 0
            ? []
            : Entries(Directory.EnumerateFiles(path, pattern), attributes)
                .Concat(path.GetDirectories(depth: depth - 1)
                    .SelectMany(directory => Entries(Directory.EnumerateFiles(directory, pattern), attributes)));

    /// <summary>The directories in the directory, level by level.</summary>
    public static IEnumerable<AbsolutePath> GetDirectories(
        this AbsolutePath path, string pattern = "*", int depth = 1, FileAttributes attributes = 0)
    {
        var level = new List<AbsolutePath> { path };
        for (; depth > 0 && level.Count > 0; depth--)
        {
            foreach (var above in level)
                foreach (var match in Entries(Directory.EnumerateDirectories(above, pattern), attributes))
                    yield return match;
            level = [.. level.SelectMany(above => Entries(Directory.EnumerateDirectories(above), 0))];
        }
    }

    public static bool HasExtension(this AbsolutePath path, string extension, params string[] alternativeExtensions) =>
        alternativeExtensions.Prepend(extension).Any(candidate =>
            path.ToString().EndsWith(candidate, StringComparison.OrdinalIgnoreCase));

    public static AbsolutePath WithExtension(this AbsolutePath path, string extension) =>
        Path.ChangeExtension(path, extension);

    public static AbsolutePath FindParent(this AbsolutePath path, Func<AbsolutePath, bool> predicate) =>
        path.Parent?.FindParentOrSelf(predicate);

    public static AbsolutePath FindParentOrSelf(this AbsolutePath path, Func<AbsolutePath, bool> predicate)
    {
        while (path != null && !predicate(path))
            path = path.Parent;
        return path;
    }

    /// <summary>The MD5 of the content in lower-case hexadecimal digits.</summary>
    public static string GetFileHash(this AbsolutePath path)
    {
        Assert.FileExists(path);
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(MD5.HashData(stream));
    }

    /// <summary>The MD5 over names and contents of the files, by name: equal for equal directories anywhere.</summary>
    public static string GetDirectoryHash(this AbsolutePath path, Func<AbsolutePath, bool> includeFile = null)
    {
        Assert.DirectoryExists(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var files = Entries(Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories), 0);
        foreach (var file in files.Where(includeFile ?? (_ => true)))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(path, file).Replace('\\', '/')));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static FileInfo ToFileInfo(this AbsolutePath path) => path is null ? null : new(path);

    public static DirectoryInfo ToDirectoryInfo(this AbsolutePath path) => path is null ? null : new(path);

    public static DateTime GetLastWriteTimeUtc(this AbsolutePath path) => File.GetLastWriteTimeUtc(path);

    public static bool IsDotDirectory(this AbsolutePath path) =>
        path.DirectoryExists() && path.Name.StartsWith('.');

    // Sorted, so that a build does not depend on the order in which a file system lists.
    private static IEnumerable<AbsolutePath> Entries(IEnumerable<string> paths, FileAttributes attributes) => paths
        .Where(path => (File.GetAttributes(path) & attributes) == attributes)
        .Order(StringComparer.Ordinal)
        .Select(AbsolutePath.Create);

    // Windows does not delete read-only files, such as those of a git repository.
    private static void AllowDeleting(string file)
    {
        if (OperatingSystem.IsWindows())
            File.SetAttributes(file, FileAttributes.Normal);
    }
}
