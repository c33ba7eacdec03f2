using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>How a model did on held-out rows, against the model that serves, and what its gate says.</summary>
/// <param name="Model">The hash of the model's bytes.</param>
/// <param name="Environment">Where the champion serves.</param>
/// <param name="Champion"><c>none</c>, or the version it was compared with: <c>v3</c>.</param>
/// <param name="Comparison">Why there is or is not a comparison with the champion.</param>
public sealed record EvaluateReport(
    string Model, string Environment, string Champion, string Comparison, SliceReport Overall,
    IReadOnlyList<SliceReport> Slices, GateReport Gate);

/// <summary>One subgroup, or all rows.</summary>
/// <param name="ChampionMetrics">The champion's on the same rows; null without a comparison.</param>
/// <param name="Difference">Squared errors, challenger minus champion, row by row; null without a comparison.</param>
public sealed record SliceReport(
    string Slice, RegressionMetrics Metrics, RegressionMetrics? ChampionMetrics, PairedComparison? Difference);
