using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>The files of the project that a stage reads, as they are now: one entry in the recipe for each pattern,
/// however many files it names.</summary>
internal sealed class ProjectFiles
{
    private const string FileType = "project file";

    // Neither a stage's output nor a source file has such a name.
    private const string NamePrefix = "./";

    private readonly IReadOnlyList<Item> _items;

    private ProjectFiles(IReadOnlyList<Item> items) => _items = items;

    // Either one file or a tree.
    private sealed record Item(
        FilePattern Pattern, string Path, ContentHash Hash, FileIdentity? Identity, FileTree? Tree);

    public static readonly ProjectFiles None = new([]);

    public IEnumerable<RecipeEntry> Entries => _items.Select(item => new RecipeEntry(
        RecipeKind.Input, NamePrefix + item.Pattern.Text, item.Tree is null ? FileType : RecipeEntry.FilesType,
        item.Hash.Hex));

    /// <exception cref="SourceException">A pattern names nothing.</exception>
    public static ProjectFiles Of(Stage stage, Workspace workspace) => stage.Files.Count == 0
        ? None
        : new([.. stage.Files.DistinctBy(pattern => pattern.Text).Select(pattern => Look(stage, pattern, workspace))]);

    /// <summary>A file or folder that is not as it was, even if its bytes are; null if all are.</summary>
    public string? ChangedSince(Stage stage, Workspace workspace) => _items.FirstOrDefault(item =>
        Look(stage, item.Pattern, workspace) is var now && (now.Hash != item.Hash || now.Identity != item.Identity
            || now.Tree?.Stamp != item.Tree?.Stamp))?.Pattern.Text;

    /// <summary>Stores the trees, so that it can be said later which files were in them.</summary>
    public void Keep(LocalArtifactStore store)
    {
        foreach (var item in _items)
            if (item.Tree is not null)
                store.AddText(item.Tree.Text);
    }

    /// <summary>Says which files of a folder changed, if a change is about one and both its lists are there.</summary>
    public RecipeChange Explain(RecipeChange change, Workspace workspace) => TreeDiff.Explain(change, hash =>
        _items.FirstOrDefault(item => item.Hash == hash)?.Tree?.ToFolderTree() ?? workspace.TreeOf(hash));

    /// <summary>The files of a declared pattern, or null if it is not declared.</summary>
    public IReadOnlyList<ProjectFile>? Find(string pattern) =>
        _items.FirstOrDefault(item => item.Pattern.Text == pattern) switch
        {
            null => null,
            { Tree: null } item => [new(Path.GetFileName(item.Path), item.Path, item.Hash)],
            { Tree: { } tree } => [.. tree.ToFolderTree().Entries.Select(entry =>
                new ProjectFile(entry.Path, Path.Combine(tree.Root, entry.Path), entry.Hash))],
        };

    private static Item Look(Stage stage, FilePattern pattern, Workspace workspace)
    {
        var path = Path.GetFullPath(pattern.Root, workspace.RootFolder);
        if (pattern.IsOneFile)
            return File.Exists(path)
                ? new(pattern, path, workspace.Hashes.Of(path), FileIdentity.Of(path), null)
                : throw Nothing(Directory.Exists(path)
                    ? $" It is a folder: write '{pattern.Text}/' for all that is in it."
                    : "");
        if (!Directory.Exists(path))
            throw Nothing("");
        var tree = workspace.Trees.Of(path, pattern.Selection);
        return tree.Count > 0 ? new(pattern, path, tree.Hash, null, tree) : throw Nothing("");

        SourceException Nothing(string hint) => new($"Stage '{stage.Name}' reads '{pattern.Text}', and there is no " +
            $"such file in '{workspace.RootFolder}'.{hint} Mend the pattern in ReadsFiles, or put the files there.");
    }
}
