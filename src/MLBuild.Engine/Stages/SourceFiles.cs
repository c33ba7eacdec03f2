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
    public static IReadOnlyList<SourceFile> Find(IEnumerable<string> patterns, string extension, string parameter)
    {
        var files = patterns.SelectMany(pattern => Paths(pattern, extension, parameter)).Distinct()
            .Select(path => new SourceFile(KeyOf(path), path)).OrderBy(file => file.Key, StringComparer.Ordinal)
            .ToArray();
        foreach (var (first, second) in files.Zip(files.Skip(1)))
        {
            if (first.Key == second.Key)
                throw new SourceException($"'{first.Path}' and '{second.Path}' have the same name '{first.Key}', " +
                    "which each partition needs for itself. Rename one.");
        }
        return files;
    }

    private static string[] Paths(string pattern, string extension, string parameter)
    {
        if (string.IsNullOrWhiteSpace(pattern))
            throw new SourceException($"{parameter} is empty. Name a file, a folder or a glob.");
        if (File.Exists(pattern))
            return [Path.GetFullPath(pattern)];
        var isGlob = pattern.AsSpan().IndexOfAny('*', '?') >= 0;
        if (!isGlob && !Directory.Exists(pattern))
            throw new SourceException(
                $"{parameter} '{Path.GetFullPath(pattern)}' does not exist. {Expected(extension)}");
        string[] found = isGlob ? Glob(pattern) : [.. Directory.EnumerateFiles(Path.GetFullPath(pattern))
            .Where(path => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))];
        return found.Length > 0
            ? found
            : throw new SourceException($"{parameter} '{pattern}' has no {extension} file. {Expected(extension)}");
    }

    private static string Expected(string extension) =>
        $"Name a file, a folder with {extension} files, or a glob such as 'trips/2019-*{extension}'.";

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

    private static string KeyOf(string path)
    {
        var key = string.Concat(Path.GetFileNameWithoutExtension(path)
            .Select(c => SourceFile.IsKeyCharacter(c) ? c : '_'));
        return key.Any(c => c != '.') ? key : $"_{key}";
    }
}

/// <summary>What was named as a source is not there or cannot be used.</summary>
public sealed class SourceException(string message) : Exception(message);
