using System.IO.Enumeration;
using MLBuild.Store;

namespace MLBuild.Engine.Stages;

/// <summary>Files of the project that a stage reads: one file, a folder with all that is under it (<c>images/</c>), or
/// a glob (<c>config/*.json</c>, <c>data/**/*.csv</c>), relative to the project's root.</summary>
public sealed record FilePattern
{
    private readonly string[] _wild;

    private FilePattern(string text, string root, string[] wild) => (Text, Root, _wild) = (text, root, wild);

    /// <summary>As it was declared; also its name in the recipe.</summary>
    public string Text { get; }

    /// <summary>The file, or the folder that is looked through, relative to the project's root.</summary>
    public string Root { get; }

    public bool IsOneFile => _wild.Length == 0;

    public static FilePattern Parse(string text)
    {
        var parts = text.TrimEnd('/').Split('/');
        var wild = Array.FindIndex(parts, part => part.AsSpan().IndexOfAny('*', '?') >= 0);
        return (wild, text.EndsWith('/')) switch
        {
            (-1, false) => new(text, text, []),
            (-1, true) => new(text, text.TrimEnd('/'), ["**"]),
            _ => new(text, string.Join('/', parts[..wild]), parts[wild..]),
        };
    }

    /// <summary>What is wrong with it, or null.</summary>
    internal string? Fault => Root.Length == 0 && _wild.Length > 1
        ? "would look through the whole project. Name the folder first, such as 'data/**/*.csv'"
        : Text.Length == 0 || Path.IsPathRooted(Text) || Text.Contains('\\')
        || Text.TrimEnd('/').Split('/').Any(part => part is "" or "." or "..")
        ? "is not inside the project. Use a path from its root, such as 'config/model.json', 'images/' or " +
            "'data/**/*.csv'"
        : null;

    /// <summary>The files that it names under <see cref="Root"/>.</summary>
    public FileSelection Selection => _wild is ["**"] ? FileSelection.Everything : new(
        string.Join('/', _wild), _wild.Contains("**") ? int.MaxValue : _wild.Length - 1,
        path => Matches(path.Split('/'), _wild));

    /// <summary>True if parts of a path match parts of a glob, in which <c>**</c> stands for any number of
    /// folders; as the last part, for any file below.</summary>
    internal static bool Matches(ReadOnlySpan<string> path, ReadOnlySpan<string> pattern)
    {
        if (pattern.IsEmpty)
            return path.IsEmpty;
        if (pattern[0] == "**")
            return Matches(path, pattern[1..]) || (!path.IsEmpty && Matches(path[1..], pattern));
        if (path.IsEmpty)
            return false;
        return FileSystemName.MatchesSimpleExpression(pattern[0], path[0], ignoreCase: false)
            && Matches(path[1..], pattern[1..]);
    }
}
