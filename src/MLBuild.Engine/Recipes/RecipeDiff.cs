using MLBuild.Engine.Code;
using MLBuild.Engine.Inspection;

namespace MLBuild.Engine.Recipes;

/// <summary>One difference between two recipes; one of the sides is null where an entry came or went.</summary>
public sealed record RecipeChange(RecipeEntry? Before, RecipeEntry? After)
{
    /// <summary>What is known beyond the two values, in words; null for nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>The entry as it is now, or as it was before it went.</summary>
    internal RecipeEntry Entry =>
        After ?? Before ?? throw new InvalidOperationException("BUG: a change without sides.");

    /// <summary>The change in words: <c>parameter 'LearningRate' changed: 0.05 -> 0.1</c>.</summary>
    public override string ToString()
    {
        var entry = Entry;
        var thing = entry.Kind switch
        {
            RecipeKind.Semantics => "MLBuild's own semantics",
            RecipeKind.Framework when entry.Name == "target" => "the target framework",
            RecipeKind.Framework => $"runtime setting {entry.Name}",
            RecipeKind.Stage => "the stage",
            RecipeKind.Partition => "the partition",
            RecipeKind.Parameter => $"parameter '{entry.Name}'",
            RecipeKind.Input => $"input '{entry.Name}'",
            RecipeKind.Observed => $"observed '{entry.Name}'",
            RecipeKind.Code when entry.Type is Commands.StageCommands.EntryType => entry.Name,
            RecipeKind.Code => Code(entry),
            RecipeKind.Captured => $"captured '{entry.Name}'",
            RecipeKind.Package => $"package {entry.Name}",
            RecipeKind.Output => $"output '{entry.Name}'",
            _ => throw new InvalidOperationException($"BUG: unknown recipe kind {entry.Kind}."),
        };
        return (Before, After) switch
        {
            _ when Detail is not null => $"{thing} changed: {Detail}",
            (null, not null) => $"{thing} is new{(entry.Kind is RecipeKind.Parameter or RecipeKind.Captured
                ? $": {Shown(After)}" : "")}",
            (not null, null) => $"{thing} is gone",
            // Hashes of members say nothing to people; versions do.
            _ when entry.Kind == RecipeKind.Code && IsHashed(entry) => $"{thing} changed",
            _ when Before!.Type != After!.Type => $"{thing} changed: {Typed(Before)} -> {Typed(After)}",
            _ => $"{thing} changed: {Shown(Before)} -> {Shown(After)}",
        };
    }

    private static bool IsHashed(RecipeEntry entry) =>
        entry.Type is "method" or "type" or "field" or "resource" or "assembly";

    private static string Code(RecipeEntry entry) => entry.Type switch
    {
        "version" => "the code's version",
        "reason" => "why reach is trusted",
        _ when IsHashed(entry) => $"{entry.Type} {MemberNames.Short(entry.Name)}",
        _ => $"code of {entry.Name}",
    };

    private static string Typed(RecipeEntry entry) => $"{entry.Type} {Shown(entry)}".TrimEnd();

    private static string Shown(RecipeEntry entry) =>
        // The hash behind a package's version is long, and is another only where the version is.
        entry.Kind == RecipeKind.Package ? entry.Value.Split(' ')[0] : Wording.WithShortHashes(entry.Value);
}

/// <summary>Compares two recipes entry by entry.</summary>
public static class RecipeDiff
{
    /// <summary>The differences in the order of the text; none if the recipes are the same.</summary>
    public static IReadOnlyList<RecipeChange> Between(Recipe before, Recipe after)
    {
        var old = before.Entries.ToDictionary(entry => (entry.Kind, entry.Name));
        var now = after.Entries.ToDictionary(entry => (entry.Kind, entry.Name));
        return [.. old.Keys.Union(now.Keys)
            .Select(key => new RecipeChange(old.GetValueOrDefault(key), now.GetValueOrDefault(key)))
            .Where(change => change.Before != change.After)
            .OrderBy(change => change.Entry.Kind).ThenBy(change => change.Entry.Name, StringComparer.Ordinal)];
    }

    /// <summary>The differences in one line, the most telling first: edited methods before what came and went with
    /// them, and types after both. Inputs from one stage that are many (the partitions of a year) are
    /// counted.</summary>
    public static string Sentence(IReadOnlyList<RecipeChange> changes)
    {
        var parts = changes.OrderBy(Telling).GroupBy(Origin)
            .SelectMany(group => group.Key is { } stage && group.Count() > MostNamed
                ? [$"{group.Count()} inputs from {stage} differ"]
                : group.Select(change => change.ToString()))
            // Overloads have one name.
            .Distinct().ToArray();
        return string.Join("; ", parts.Take(MostNamed)) +
            (parts.Length > MostNamed ? $"; and {parts.Length - MostNamed} more" : "");
    }

    // 0 for all but code: there the cause stands among its consequences.
    private static int Telling(RecipeChange change) => change.Entry switch
    {
        { Kind: RecipeKind.Package } => 6,
        { Kind: not RecipeKind.Code } => 0,
        { Type: "method" or "field" } when change is { Before: not null, After: not null } => 1,
        { Type: "method" or "field" } => change.After is null ? 4 : 3,
        { Type: "type" } => change is { Before: not null, After: not null } ? 2 : 5,
        _ => 0,
    };

    private const int MostNamed = 3;

    private static string? Origin(RecipeChange change) =>
        change.Entry is { Kind: RecipeKind.Input, Type: not "source" } entry
        ? entry.Name.Split('/')[0]
        : null;
}
