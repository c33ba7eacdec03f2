namespace MLBuild.Engine.Stages;

/// <summary>Finds the files that a <c>--data</c> parameter means: a file, a folder or a glob.</summary>
public static class SourceFiles
{
    /// <param name="patterns">Each a file, a folder (its files with <paramref name="extension"/>), or a path with
    /// <c>*</c> or <c>?</c> in its parts and <c>**</c> for any depth. A file named twice counts once.</param>
    /// <param name="extension">With the dot: <c>.csv</c>.</param>
    /// <param name="parameter">The switch to name in a message: <c>--data</c>.</param>
    /// <returns>Sorted by key.</returns>
    /// <exception cref="SourceException">A pattern finds nothing, or two files share a key.</exception>
    public static IReadOnlyList<SourceFile> Find(IEnumerable<string> patterns, string extension, string parameter) =>
        Find(patterns, [extension], parameter);

    /// <summary>As the other, with files of several kinds.</summary>
    /// <param name="patterns">As there; a folder's files are also those in its partition folders, such as
    /// <c>year=2019/month=02/part-0.csv</c>, at any depth. Their keys begin with the folders.</param>
    /// <param name="extensions">Each with the dot: <c>.csv</c>, <c>.csv.gz</c>. A key has none of them.</param>
    /// <param name="parameter">As there.</param>
    public static IReadOnlyList<SourceFile> Find(
        IEnumerable<string> patterns, IReadOnlyList<string> extensions, string parameter)
    {
        var files = patterns.SelectMany(pattern => Paths(pattern, extensions, parameter)).Distinct()
            .Select(path => new SourceFile(KeyOf(path, extensions), path))
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .ToArray();
        foreach (var (first, second) in files.Zip(files.Skip(1)))
        {
            if (first.Key == second.Key)
                throw new SourceException($"'{first.Path}' and '{second.Path}' have the same name '{first.Key}', " +
                    "which each partition needs for itself. Rename one.");
        }
        return files;
    }

    /// <summary>Cuts a text file to which lines are appended into partitions of whole lines, <c>log-00000000</c>,
    /// <c>log-00000001</c>, …: after it has grown only the last is read again, and new ones. A last line without its
    /// end is not read until it has one. The file is read twice each time the partitions are listed.</summary>
    /// <param name="path">A file that is not packed.</param>
    /// <param name="chunkBytes">How large a partition is, in bytes, at least 1; a line more at most. Another size makes
    /// other partitions.</param>
    /// <param name="headerLines">Lines at the file's start that belong to each partition: 1 for CSV, 0 for JSON lines.
    /// </param>
    /// <exception cref="SourceException">There is no such file, or not one complete line in it.</exception>
    public static IReadOnlyList<SourceFile> Chunks(string path, long chunkBytes, int headerLines)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkBytes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(headerLines);
        var full = Path.GetFullPath(path);
        return File.Exists(full)
            ? SourceChunks.Of(full, chunkBytes, headerLines, KeyOf(full, [Path.GetExtension(full)]))
            : throw new SourceException($"There is no file '{full}'.");
    }

    private static string[] Paths(string pattern, IReadOnlyList<string> extensions, string parameter)
    {
        if (string.IsNullOrWhiteSpace(pattern))
            throw new SourceException($"{parameter} is empty. Name a file, a folder or a glob.");
        if (File.Exists(pattern))
            return [Path.GetFullPath(pattern)];
        var isGlob = pattern.AsSpan().IndexOfAny('*', '?') >= 0;
        if (!isGlob && !Directory.Exists(pattern))
            throw new SourceException($"{parameter} '{Path.GetFullPath(pattern)}' does not exist. " +
                $"{Expected("a file", $"a folder with {List(extensions)} files", extensions)}");
        string[] found = isGlob ? Glob(pattern) : [.. InFolder(Path.GetFullPath(pattern))
            .Where(path => ExtensionOf(path, extensions) is not null)];
        return found.Length > 0
            ? found
            : throw new SourceException($"{parameter} '{pattern}' has no {List(extensions)} file. " +
                $"{Expected("such a file", "a folder of them", extensions)}");
    }

    private static string Expected(string file, string folder, IReadOnlyList<string> extensions) =>
        $"Name {file}, {folder}, or a glob such as 'trips/2019-*{extensions[0]}'.";

    private static string List(IReadOnlyList<string> extensions) => extensions.Count == 1
        ? extensions[0]
        : $"{string.Join(", ", extensions.SkipLast(1))} or {extensions[^1]}";

    private static IEnumerable<string> InFolder(string folder) => Directory.EnumerateFiles(folder).Concat(
        Directory.EnumerateDirectories(folder)
            .Where(path => PartitionFolder.IsOne(Path.GetFileName(path))).SelectMany(InFolder));

    // The longest, so that the key of a.csv.gz is a.
    private static string? ExtensionOf(string path, IReadOnlyList<string> extensions) => extensions
        .Where(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
        .MaxBy(extension => extension.Length);

    private static string[] Glob(string pattern)
    {
        var parts = Path.GetFullPath(pattern).Replace('\\', '/').Split('/');
        var wild = Array.FindIndex(parts, part => part.AsSpan().IndexOfAny('*', '?') >= 0);
        var root = string.Join('/', parts[..wild]) + "/";
        // No deeper than the pattern can match: beside the data there may be the whole disk.
        var depth = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = parts.Contains("**") ? int.MaxValue : parts.Length - wild - 1,
            AttributesToSkip = FileAttributes.None,
        };
        return Directory.Exists(root)
            ? [.. Directory.EnumerateFiles(root, "*", depth)
                .Where(path => FilePattern.Matches(
                    Path.GetRelativePath(root, path).Replace('\\', '/').Split('/'), parts[wild..]))]
            : [];
    }

    private static string KeyOf(string path, IReadOnlyList<string> extensions)
    {
        var name = PartitionFolder.NameOf(path);
        var bare = ExtensionOf(path, extensions) is { } known
            ? name[..^known.Length]
            : name[..^Path.GetExtension(path).Length];
        var key = string.Concat(bare.Select(c => c == '/' ? ',' : SourceFile.IsKeyCharacter(c) ? c : '_'));
        return key.Any(c => c != '.') ? key : $"_{key}";
    }
}

/// <summary>What was named as a source is not there or cannot be used.</summary>
public sealed class SourceException(string message) : Exception(message);
