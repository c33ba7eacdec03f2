using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>A stored folder as a tree with sizes; folders within it with all that is in them.</summary>
public static class FolderView
{
    private const int MostLines = 200;

    /// <summary>A folder and what is directly in it, by name.</summary>
    private sealed record Node(string Name, long SizeBytes, string? Hash, IReadOnlyList<Node> Children);

    private sealed record Shown(string Path, long SizeBytes, string Hash);

    private sealed record Data(IReadOnlyList<Shown> Files);

    public static ArtifactContent Look(FolderTree tree) => new(
        new Data([.. tree.Entries.Select(entry => new Shown(entry.Path, entry.SizeBytes, entry.Hash.Hex))]),
        page => Lines(tree, page));

    private static IEnumerable<string> Lines(FolderTree tree, Page page)
    {
        var rows = Rows(Under("", [.. tree.Entries.Select(entry => (entry.Path.Split('/'), entry))], depth: 0), 0)
            .ToArray();
        yield return $"{Wording.Count(tree.Entries.Count, "file")}, {Wording.Size(tree.SizeBytes)}";
        foreach (var line in PageTable.Lines(page, [new("file", IsCut: true), new("size", IsNumber: true), new("hash")],
            rows.Take(MostLines)))
            yield return line;
        if (rows.Length > MostLines)
            yield return $"… {Wording.Count(rows.Length - MostLines, "more line")}; --file NAME.json has all of it";
    }

    private static IEnumerable<PageCell[]> Rows(Node folder, int depth) => folder.Children.SelectMany(node =>
        (IEnumerable<PageCell[]>)
        [
            [new string(' ', 2 * depth) + node.Name, Wording.Size(node.SizeBytes), node.Hash?[..8] ?? ""],
            .. Rows(node, depth + 1),
        ]);

    private static Node Under(string name, (string[] Parts, FolderTree.Entry Entry)[] entries, int depth) => new(
        name, entries.Sum(entry => entry.Entry.SizeBytes), null,
        [.. entries.GroupBy(entry => (entry.Parts[depth], IsFile: entry.Parts.Length == depth + 1))
            .OrderBy(group => group.Key.Item1, StringComparer.Ordinal)
            .Select(group => group.Key.IsFile
                ? new Node(group.Key.Item1, group.First().Entry.SizeBytes, group.First().Entry.Hash.Hex, [])
                : Under($"{group.Key.Item1}/", [.. group], depth + 1))]);
}
