using MLBuild.Engine.Recipes;
using MLBuild.Registry;

namespace MLBuild.Stages.Lineage;

/// <summary>What differs between two versions, for programs.</summary>
/// <param name="IsSameHoldOut">True if both were measured on the same rows, so that the metrics are comparable.</param>
/// <param name="Files">Files from outside; those that are the same are left out.</param>
/// <param name="Changes">All else in the recipes, once for each stage.</param>
/// <param name="Metrics">Those of either version.</param>
public sealed record DifferenceData(
    string Model,
    ComparedVersion From,
    ComparedVersion To,
    bool IsSameHoldOut,
    IReadOnlyList<FileDifference> Files,
    IReadOnlyList<ChangeData> Changes,
    IReadOnlyList<MetricDifference> Metrics)
{
    public static DifferenceData Of(VersionDifference difference) => new(
        difference.From.ModelName,
        ComparedVersion.Of(difference.From),
        ComparedVersion.Of(difference.To),
        difference.IsSameHoldOut,
        difference.Files,
        [.. difference.Changes.Select(ChangeData.Of)],
        difference.Metrics);
}

/// <param name="ModelHash">The hash of the model's bytes.</param>
public sealed record ComparedVersion(int Version, string ModelHash, DateTimeOffset CreatedUtc)
{
    public static ComparedVersion Of(ModelVersion version) =>
        new(version.Number, version.ModelHash.Hex, version.CreatedUtc);
}

/// <summary>Something in a stage's recipe that is not the same in both versions.</summary>
/// <param name="Kind">What it is about; for a stage that only one version has, the stage.</param>
/// <param name="Name">Unique within its kind: of a parameter, a method, a package.</param>
/// <param name="Before">Its value: of code, a hash. Null if it was not there.</param>
/// <param name="After">Its value. Null if it is gone.</param>
/// <param name="Text">The change in words.</param>
public sealed record ChangeData(
    string Stage, RecipeKind Kind, string Name, string? Before, string? After, string Text)
{
    public static ChangeData Of(StageDifference difference) => difference.Change is { } change
        ? new(
            difference.Stage, Entry(change).Kind, Entry(change).Name, change.Before?.Value, change.After?.Value,
            change.ToString())
        : new(
            difference.Stage, RecipeKind.Stage, difference.Stage,
            difference.IsNew ? null : difference.Stage, difference.IsNew ? difference.Stage : null,
            DifferenceText.StageChange(difference));

    private static RecipeEntry Entry(RecipeChange change) => (change.After ?? change.Before)!;
}
