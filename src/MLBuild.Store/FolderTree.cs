using System.Globalization;
using System.Text;

namespace MLBuild.Store;

/// <summary>A folder as a text: one line a file, <c>hash size path</c>, sorted by path. Its SHA-256 is the folder's
/// hash.</summary>
/// <remarks>As in git, a folder is its files: empty folders inside it, modes and times are not kept.</remarks>
public sealed record FolderTree(IReadOnlyList<FolderTree.Entry> Entries)
{
    private const string Header = "mlbuild-tree 1\n";

    /// <param name="Path">Relative, with <c>/</c> between its parts.</param>
    public sealed record Entry(string Path, ContentHash Hash, long SizeBytes);

    public long SizeBytes => Entries.Sum(entry => entry.SizeBytes);

    public string ToText()
    {
        var text = new StringBuilder(Header);
        foreach (var entry in Sorted())
        {
            if (entry.Path.Contains('\n'))
                throw new StoreException($"The file name '{entry.Path.Replace("\n", "\\n")}' has a line break, " +
                    "which a stored folder cannot hold. Rename it.");
            text.Append(entry.Hash.Hex).Append(' ')
                .Append(CultureInfo.InvariantCulture, $"{entry.SizeBytes}").Append(' ').Append(entry.Path).Append('\n');
        }
        return text.ToString();
    }

    // A large one mostly is sorted already.
    private IEnumerable<Entry> Sorted()
    {
        for (var i = 1; i < Entries.Count; i++)
        {
            if (string.CompareOrdinal(Entries[i - 1].Path, Entries[i].Path) > 0)
                return Entries.OrderBy(entry => entry.Path, StringComparer.Ordinal);
        }
        return Entries;
    }

    /// <summary>True if a file begins as the text of a tree does.</summary>
    public static bool IsOne(string path) => FileStart.Is(path, Header);

    /// <exception cref="FormatException">The text is not a tree.</exception>
    public static FolderTree Parse(string text)
    {
        if (!text.StartsWith(Header, StringComparison.Ordinal))
            throw new FormatException("This is not a stored folder.");
        return new([.. text[Header.Length..].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            line.Split(' ', 3) is [var hash, var size, var path]
                ? new Entry(path, ContentHash.Parse(hash), long.Parse(size, CultureInfo.InvariantCulture))
                : throw new FormatException($"'{line}' is not a line of a stored folder."))]);
    }
}
