using MLBuild.Engine.Inspection;
using MLBuild.Store;

namespace MLBuild.Engine.Recipes;

/// <summary>Says which files of a folder differ.</summary>
public static class TreeDiff
{
    private const int MostNamed = 3;

    /// <summary>The change with the names of its files, if it is one of files and both lists are known.</summary>
    public static RecipeChange Explain(RecipeChange change, Func<ContentHash, FolderTree?> tree) =>
        change is { Before: { Type: RecipeEntry.FilesType } before, After: { Type: RecipeEntry.FilesType } after }
        && tree(ContentHash.Parse(before.Value)) is { } old && tree(ContentHash.Parse(after.Value)) is { } now
            ? change with { Detail = Sentence(old, now) }
            : change;

    /// <summary><c>2 files changed (a.png, b.png), 1 file is new (c.png), 1 file is gone (d.png)</c>.</summary>
    public static string Sentence(FolderTree before, FolderTree after)
    {
        var old = before.Entries.ToDictionary(entry => entry.Path, entry => entry.Hash, StringComparer.Ordinal);
        var now = after.Entries.ToDictionary(entry => entry.Path, entry => entry.Hash, StringComparer.Ordinal);
        return string.Join(", ", (string[])
        [
            .. Some(now.Where(file => old.TryGetValue(file.Key, out var hash) && hash != file.Value),
                "changed", "changed"),
            .. Some(now.Where(file => !old.ContainsKey(file.Key)), "is new", "are new"),
            .. Some(old.Where(file => !now.ContainsKey(file.Key)), "is gone", "are gone"),
        ]);
    }

    private static IEnumerable<string> Some(
        IEnumerable<KeyValuePair<string, ContentHash>> files, string one, string several)
    {
        var names = files.Select(file => file.Key).Order(StringComparer.Ordinal).ToArray();
        if (names.Length == 0)
            yield break;
        var named = string.Join(", ", names.Take(MostNamed)) + (names.Length > MostNamed ? ", …" : "");
        yield return $"{Wording.Count(names.Length, "file")} {(names.Length == 1 ? one : several)} ({named})";
    }
}
