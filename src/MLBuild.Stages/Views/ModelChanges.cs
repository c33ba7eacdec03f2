using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Learning.Models;

namespace MLBuild.Stages.Views;

/// <summary>What differs between two models: what they are, what they take, and the first thing that they learned
/// otherwise.</summary>
/// <param name="Features">What came, went, moved or is read otherwise.</param>
/// <param name="FirstLearned">In words; null where what they learned is the same, or cannot be looked into.</param>
internal sealed record ModelChanges(
    ModelChanges.Side Before, ModelChanges.Side After, IReadOnlyList<string> Features, string? FirstLearned)
{
    /// <param name="Trees">Null for a model without trees.</param>
    public sealed record Side(string Trainer, string Task, int? Trees, int? MostLeaves, int FeatureCount);

    /// <exception cref="FormatException">One of them is no model.</exception>
    public static ModelChanges Between(string beforePath, string afterPath)
    {
        var (before, after) = (Load(beforePath), Load(afterPath));
        return new(Of(before.Schema), Of(after.Schema),
            [.. FeaturesOf(before.Schema.Features.Columns, after.Schema.Features.Columns)],
            ModelDifference.First(before, after));
    }

    public IEnumerable<string> Lines(Page page) =>
    [
        .. PageTable.Lines(page, [new("model"), new("before"), new("after")],
        [
            ["trainer", Before.Trainer, After.Trainer], ["predicts", Before.Task, After.Task],
            ["trees", Text(Before.Trees), Text(After.Trees)],
            ["most leaves", Text(Before.MostLeaves), Text(After.MostLeaves)],
            ["features", Text(Before.FeatureCount), Text(After.FeatureCount)],
        ]),
        Features.Count == 0 ? "features: the same" : "features",
        .. Features.SelectMany(feature => page.Wrap($"  {feature}")),
        .. page.Wrap(FirstLearned is null ? "learned: the same, as far as it can be looked into"
            : $"learned: {FirstLearned}"),
    ];

    private static IEnumerable<string> FeaturesOf(
        IReadOnlyList<Learning.Features.FeatureColumn> before, IReadOnlyList<Learning.Features.FeatureColumn> after)
    {
        var old = before.ToDictionary(feature => feature.Name, StringComparer.Ordinal);
        var now = after.ToDictionary(feature => feature.Name, StringComparer.Ordinal);
        foreach (var gone in before.Where(feature => !now.ContainsKey(feature.Name)))
            yield return $"{gone} is gone";
        foreach (var added in after.Where(feature => !old.ContainsKey(feature.Name)))
            yield return $"{added} is new";
        foreach (var other in after.Where(feature =>
            old.TryGetValue(feature.Name, out var was) && was.Kind != feature.Kind))
            yield return $"{other.Name} was {old[other.Name].Kind}, now is {other.Kind}";
        if (!before.Select(feature => feature.Name).Where(now.ContainsKey)
            .SequenceEqual(after.Select(feature => feature.Name).Where(old.ContainsKey)))
            yield return "their order is another";
    }

    private static Side Of(ModelSchema schema) =>
        new(schema.Trainer, schema.Task.ToString()!, schema.Trees, schema.MostLeaves, schema.Features.Width);

    private static ScoringModel Load(string path)
    {
        using var file = File.OpenRead(path);
        return ScoringModel.Load(file);
    }

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
