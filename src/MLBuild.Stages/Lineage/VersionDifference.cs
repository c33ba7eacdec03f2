using MLBuild.Engine.Recipes;
using MLBuild.Registry;
using MLBuild.Stages.Split;
using MLBuild.Store;

namespace MLBuild.Stages.Lineage;

/// <summary>What differs between two versions: what went in, by their recipes, and what came out, by their latest
/// evidence. The recipes are compared as Why compares them.</summary>
/// <param name="Files">Files from outside, by name.</param>
/// <param name="Changes">All else in the recipes, once for each stage.</param>
/// <param name="Metrics">Those of either version, in the order in which they were registered.</param>
/// <param name="IsSameHoldOut">True if both were measured on the same rows, so that the metrics are comparable.</param>
public sealed record VersionDifference(
    ModelVersion From,
    ModelVersion To,
    IReadOnlyList<FileDifference> Files,
    IReadOnlyList<StageDifference> Changes,
    IReadOnlyList<MetricDifference> Metrics,
    bool IsSameHoldOut)
{
    /// <param name="store">Has the recipes that were registered with both.</param>
    /// <exception cref="RegistryException">There is no such version.</exception>
    /// <exception cref="LineageException">Recipes of one cannot be read.</exception>
    public static VersionDifference Between(
        IModelRegistry registry, LocalArtifactStore store, string model, int from, int to)
    {
        var before = VersionRecipes.Of(registry.Find(model, from), store);
        var after = VersionRecipes.Of(registry.Find(model, to), store);
        return new(
            before.Version, after.Version,
            [.. FilesOf(before, after)], [.. ChangesOf(before, after)],
            [.. MetricsOf(before.Version.Evidence.Metrics, after.Version.Evidence.Metrics)],
            HoldOutOf(before).SetEquals(HoldOutOf(after)));
    }

    private static HashSet<string> HoldOutOf(VersionRecipes version) => version.ByUnit.Values
        .SelectMany(unit => unit.Recipe.Entries)
        .Where(entry => entry.Kind == RecipeKind.Input && entry.Name.Split('/')[^1] == SplitStage.HoldOut)
        .Select(entry => entry.Value).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<FileDifference> FilesOf(VersionRecipes before, VersionRecipes after)
    {
        var (old, now) = (HashesOf(before), HashesOf(after));
        return old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
            .Select(name => new FileDifference(name, old.GetValueOrDefault(name), now.GetValueOrDefault(name)))
            .Where(file => file.Before != file.After);
    }

    // Two stages may read files of one name: they are one entry if they are the same file.
    private static Dictionary<string, string> HashesOf(VersionRecipes version) => version.ByUnit.Values
        .SelectMany(unit => unit.Recipe.Entries.Where(entry => IsFile(version, entry)))
        .GroupBy(entry => entry.Name, entry => entry.Value)
        .ToDictionary(
            file => file.Key, file => string.Join(' ', file.Distinct().Order(StringComparer.Ordinal)),
            StringComparer.Ordinal);

    private static bool IsFile(VersionRecipes version, RecipeEntry entry) =>
        entry.Kind == RecipeKind.Input && version.WriterOf(entry) is null;

    private static IEnumerable<StageDifference> ChangesOf(VersionRecipes before, VersionRecipes after)
    {
        var (old, now) = (StagesOf(before), StagesOf(after));
        foreach (var stage in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            var (was, @is) = (old.GetValueOrDefault(stage, []), now.GetValueOrDefault(stage, []));
            foreach (var change in Pairs(was, @is)
                .SelectMany(pair => RecipeDiff.Between(
                    before.ByUnit[pair.Before].Recipe, after.ByUnit[pair.After].Recipe))
                // Data is told by its files, and what a stage reads of another by what that one read.
                .Where(change => (change.After ?? change.Before)!.Kind
                    is not (RecipeKind.Input or RecipeKind.Partition))
                .Distinct())
                yield return new(stage, change);
            if (was.Length == 0 || @is.Length == 0)
                yield return new(stage, Change: null) { IsNew = was.Length == 0 };
        }
    }

    // Partitions of one stage have one code. Where none is in both versions, any tells.
    private static IEnumerable<(string Before, string After)> Pairs(string[] before, string[] after) =>
        before.Length == 0 || after.Length == 0 ? []
        : before.Intersect(after).ToArray() is { Length: > 0 } both ? both.Select(unit => (unit, unit))
        : [(before[0], after[0])];

    private static Dictionary<string, string[]> StagesOf(VersionRecipes version) => version.ByUnit.Keys
        .GroupBy(unit => unit.Split('/')[0])
        .ToDictionary(stage => stage.Key, stage => stage.ToArray(), StringComparer.Ordinal);

    private static IEnumerable<MetricDifference> MetricsOf(NamedValues<double> before, NamedValues<double> after) =>
        before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key)).Select(name => new MetricDifference(
            name,
            before.TryGetValue(name, out var old) ? old : null,
            after.TryGetValue(name, out var now) ? now : null));
}

/// <summary>A file from outside that is not the same in both versions.</summary>
/// <param name="Before">The hash of its bytes; null if it was not there.</param>
/// <param name="After">The hash of its bytes; null if it is gone.</param>
public sealed record FileDifference(string Name, string? Before, string? After);

/// <summary>Something in a stage's recipe that is not the same in both versions.</summary>
/// <param name="Change">Null where only one version has the stage.</param>
public sealed record StageDifference(string Stage, RecipeChange? Change)
{
    /// <summary>True if only the later version has the stage.</summary>
    public bool IsNew { get; init; }
}

/// <param name="Before">Null where the version was registered without it.</param>
/// <param name="After">Null where the version was registered without it.</param>
public sealed record MetricDifference(string Name, double? Before, double? After);
