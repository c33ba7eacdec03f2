using MLBuild.Store;

namespace MLBuild.Engine.Revisions;

/// <summary>The part of a git repository that says which commit is checked out, read without starting git.</summary>
/// <param name="own">The repository's folder, or the part of it that belongs to one worktree.</param>
/// <param name="common">What all worktrees share.</param>
internal sealed class GitFolder(string own, string common)
{
    private const string Link = "gitdir: ";
    private const string Reference = "ref: ";

    // Git itself gives up at five.
    private const int LongestChain = 5;

    /// <summary>The repository that a folder is in, or null.</summary>
    public static GitFolder? Above(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            var git = Path.Combine(at, ".git");
            if (Directory.Exists(git))
                return Of(git);
            if (!File.Exists(git))
                continue;
            // A worktree or a submodule: the file says where its folder is.
            var text = File.ReadAllText(git).Trim();
            return text.StartsWith(Link, StringComparison.Ordinal)
                && Path.GetFullPath(text[Link.Length..], at) is var linked
                    && Directory.Exists(linked) ? Of(linked) : null;
        }
        return null;
    }

    /// <summary>The commit that is checked out, as 40 or 64 hexadecimal digits; null before the first commit, or where
    /// references are kept in a way that is not understood.</summary>
    public string? Head()
    {
        var text = ReadIfThere(Path.Combine(own, "HEAD"));
        for (var i = 0; i < LongestChain && text is not null; i++)
        {
            if (!text.StartsWith(Reference, StringComparison.Ordinal))
                return IsCommit(text) ? text : null;
            var name = text[Reference.Length..];
            text = ReadIfThere(Path.Combine(own, name)) ?? ReadIfThere(Path.Combine(common, name)) ?? Packed(name);
        }
        return null;
    }

    private static GitFolder Of(string own) =>
        new(own, ReadIfThere(Path.Combine(own, "commondir")) is { } common ? Path.GetFullPath(common, own) : own);

    private string? Packed(string name)
    {
        var packed = Path.Combine(common, "packed-refs");
        foreach (var line in AtomicFile.TextOf(packed)?.Split('\n') ?? [])
        {
            if (line.EndsWith(name, StringComparison.Ordinal) && line.IndexOf(' ') == line.Length - name.Length - 1)
                return line[..line.IndexOf(' ')];
        }
        return null;
    }

    private static string? ReadIfThere(string path) => AtomicFile.TextOf(path)?.Trim();

    private static bool IsCommit(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigitLower(c))
                return false;
        }
        return text.Length is 40 or 64;
    }
}
