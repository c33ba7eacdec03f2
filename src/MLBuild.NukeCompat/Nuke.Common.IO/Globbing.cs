#nullable disable
using System.Text;
using System.Text.RegularExpressions;

namespace Nuke.Common.IO;

/// <summary>Finds files and directories by patterns: <c>*</c> and <c>?</c> in one level, <c>**</c> over any number of
/// levels, <c>{a,b}</c> either. Sorted by path.</summary>
public static class Globbing
{
    public static IReadOnlyCollection<AbsolutePath> GlobFiles(this AbsolutePath directory, params string[] patterns) =>
        Matches(directory, patterns, Directory.EnumerateFiles);

    public static IReadOnlyCollection<AbsolutePath> GlobDirectories(
        this AbsolutePath directory, params string[] patterns) =>
        Matches(directory, patterns, Directory.EnumerateDirectories);

    private static List<AbsolutePath> Matches(
        AbsolutePath directory, string[] patterns,
        Func<string, string, EnumerationOptions, IEnumerable<string>> enumerate)
    {
        if (!directory.DirectoryExists())
            return [];
        var expressions = patterns.Select(Expression).ToList();
        // Levels below a pattern's own are not walked: node_modules and data folders can be large.
        var depth = patterns.Select(pattern =>
            pattern.Contains("**", StringComparison.Ordinal) ? int.MaxValue : pattern.AsSpan().Count('/'));
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = depth.DefaultIfEmpty(0).Max(),
            AttributesToSkip = 0,
            IgnoreInaccessible = true
        };
        return [.. enumerate(directory, "*", options)
            .Where(path => expressions.Exists(expression =>
                expression.IsMatch(Path.GetRelativePath(directory, path).Replace('\\', '/'))))
            .Order(StringComparer.Ordinal)
            .Select(AbsolutePath.Create)];
    }

    private static Regex Expression(string pattern)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i..].StartsWith("**/", StringComparison.Ordinal))
            {
                text.Append("(?:.*/)?");
                i += 2;
            }
            else if (pattern[i..].StartsWith("**", StringComparison.Ordinal))
            {
                text.Append(".*");
                i++;
            }
            else
                text.Append(pattern[i] switch
                {
                    '*' => "[^/]*",
                    '?' => "[^/]",
                    '{' => "(?:",
                    '}' => ")",
                    ',' => "|",
                    '\\' => "/",
                    var character => Regex.Escape(character.ToString())
                });
        }
        return new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant);
    }
}
