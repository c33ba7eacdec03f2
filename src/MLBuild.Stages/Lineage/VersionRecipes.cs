using MLBuild.Engine.Recipes;
using MLBuild.Registry;
using MLBuild.Stages.Register;
using MLBuild.Store;

namespace MLBuild.Stages.Lineage;

/// <summary>The recipes of all units that had a part in a version, as they were registered with it. They and the
/// registry are enough: no data, no code and no record is looked at.</summary>
/// <param name="ByUnit">By unit in order: <c>Ingest/2019-02</c>, <c>Train</c>.</param>
internal sealed record VersionRecipes(ModelVersion Version, SortedDictionary<string, VersionRecipes.Registered> ByUnit)
{
    internal sealed record Registered(ContentHash Hash, Recipe Recipe);

    /// <exception cref="LineageException">It was registered without recipes, or one cannot be read.</exception>
    public static VersionRecipes Of(ModelVersion version, LocalArtifactStore store)
    {
        var recipes = version.Evidence.Attachments
            .Where(pair => pair.Key.StartsWith(RegisterStage.RecipePrefix, StringComparison.Ordinal))
            .ToDictionary(
                pair => pair.Key[RegisterStage.RecipePrefix.Length..],
                pair => new Registered(pair.Value, Read(version, store, pair.Key, pair.Value)));
        return recipes.Count > 0
            ? new(version, new(recipes, StringComparer.Ordinal))
            : throw new LineageException($"{version.ModelName} version {version.Number} was registered without " +
                "recipes, so nobody can say what made it. Register it again: ./build.sh Register.");
    }

    /// <summary>The unit that made the model; null if its recipe is not among them.</summary>
    public string? Maker => ByUnit.FirstOrDefault(pair => pair.Value.Hash == Version.Evidence.LineageHash).Key;

    /// <summary>The unit that wrote what an input names (<c>Ingest/2019-02/rows.parquet</c>); null for a file from
    /// outside.</summary>
    public string? WriterOf(RecipeEntry input) => input.Type is "file" or "folder"
        ? Prefixes(input.Name).FirstOrDefault(ByUnit.ContainsKey)
        : null;

    // The longest first: Ingest/2019-02, then Ingest.
    private static IEnumerable<string> Prefixes(string name)
    {
        for (var end = name.LastIndexOf('/'); end > 0; end = name.LastIndexOf('/', end - 1))
            yield return name[..end];
    }

    private static Recipe Read(ModelVersion version, LocalArtifactStore store, string name, ContentHash hash)
    {
        try
        {
            return Recipe.Parse(store.ReadText(hash));
        }
        catch (Exception e) when (e is LostArtifactException or FormatException)
        {
            throw new LineageException($"{version.ModelName} version {version.Number}: its '{name}' cannot be read. " +
                $"{e.Message} Ask where it was registered, or import it from there: ./build.sh Import.", e);
        }
    }
}
