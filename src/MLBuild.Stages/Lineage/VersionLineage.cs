using MLBuild.Engine.Recipes;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Stages.Lineage;

/// <summary>Where a version comes from, down to the bytes of each file from outside, and where it went.</summary>
/// <param name="ModelHash">The hash of the model's bytes.</param>
/// <param name="Gate">What its gate says in the latest evidence.</param>
/// <param name="Maker">The unit that trained it.</param>
/// <param name="Units">In an order in which each stands after those that it reads.</param>
/// <param name="Deployments">All that were ever made, by environment, oldest first.</param>
public sealed record VersionLineage(
    string Model,
    int Version,
    string ModelHash,
    DateTimeOffset CreatedUtc,
    GateOutcome Gate,
    string? Maker,
    IReadOnlyList<LineageUnit> Units,
    IReadOnlyList<LineageDeployment> Deployments)
{
    /// <param name="store">Has the recipes that were registered with the version.</param>
    /// <exception cref="RegistryException">There is no such version.</exception>
    /// <exception cref="LineageException">Its recipes cannot be read.</exception>
    public static VersionLineage Of(IModelRegistry registry, LocalArtifactStore store, string model, int number)
    {
        var version = registry.Find(model, number);
        var recipes = VersionRecipes.Of(version, store);
        return new(
            model, number, version.ModelHash.Hex, version.CreatedUtc, version.Evidence.Gate, recipes.Maker,
            InOrder(recipes), [.. registry.Environments(model).SelectMany(environment =>
                DeploymentsIn(registry.History(model, environment), number))]);
    }

    private static IEnumerable<LineageDeployment> DeploymentsIn(IReadOnlyList<Deployment> history, int number) =>
        from entry in history
        where entry.To == number
        let next = history.FirstOrDefault(later => later.Position == entry.Position + 1)
        select new LineageDeployment(
            entry.Environment, entry.DeployedUtc, next?.DeployedUtc, entry.Who, entry.Why, entry.ForcedReason);

    private static List<LineageUnit> InOrder(VersionRecipes recipes)
    {
        var units = new List<LineageUnit>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in recipes.ByUnit.Keys)
            Add(name);
        return units;

        void Add(string name)
        {
            if (!seen.Add(name))
                return;
            var unit = Unit(recipes, name);
            foreach (var before in unit.Reads)
                Add(before);
            units.Add(unit);
        }
    }

    private static LineageUnit Unit(VersionRecipes recipes, string name)
    {
        var (hash, recipe) = recipes.ByUnit[name];
        var inputs = recipe.Entries.Where(entry => entry.Kind == RecipeKind.Input).ToArray();
        return new(
            name,
            hash.Hex,
            [.. inputs.Select(recipes.WriterOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
            [.. inputs.Where(input => recipes.WriterOf(input) is null)
                .Select(input => new LineageFile(input.Name, input.Value))],
            [.. Values(recipe, RecipeKind.Parameter)],
            [.. Values(recipe, RecipeKind.Package).Select(package =>
                package with { Value = package.Value.Split(' ')[0] })]);
    }

    private static IEnumerable<LineageValue> Values(Recipe recipe, RecipeKind kind) => recipe.Entries
        .Where(entry => entry.Kind == kind).Select(entry => new LineageValue(entry.Name, entry.Value));
}

/// <summary>A stage, or a partition of one, that had a part in a version.</summary>
/// <param name="Recipe">The hash of its recipe: its name in a store.</param>
/// <param name="Reads">The units whose results it read.</param>
/// <param name="Files">What it read from outside the pipeline.</param>
public sealed record LineageUnit(
    string Unit,
    string Recipe,
    IReadOnlyList<string> Reads,
    IReadOnlyList<LineageFile> Files,
    IReadOnlyList<LineageValue> Parameters,
    IReadOnlyList<LineageValue> Packages);

/// <summary>A file from outside, or several under one pattern.</summary>
/// <param name="Hash">Of its bytes; of the list of files, for a pattern.</param>
public sealed record LineageFile(string Name, string Hash);

/// <summary>A parameter with its value, or a package with its version.</summary>
public sealed record LineageValue(string Name, string Value);

/// <param name="ToUtc">When another version took its place; null while it serves.</param>
/// <param name="ForcedReason">Why the gate was overridden; null when nobody asked for that.</param>
public sealed record LineageDeployment(
    string Environment, DateTimeOffset FromUtc, DateTimeOffset? ToUtc, string Who, string Why, string? ForcedReason);
