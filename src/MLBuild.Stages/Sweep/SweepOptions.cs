using MLBuild.Learning.Splits;
using MLBuild.Learning.Sweeps;

namespace MLBuild.Stages.Sweep;

/// <summary>How a sweep chooses, and among what.</summary>
/// <param name="Points">In the order of their declaration.</param>
/// <param name="ScoredFolds">Folds on which each point was scored.</param>
public sealed record SweepOptions(
    IReadOnlyList<SweepCandidate> Points, SweepMetric Metric, ChoiceRule Rule, KeyFolds Folds, int ScoredFolds,
    KeySample Sample);

/// <param name="Complexity">Lower is simpler; null where nobody said.</param>
public sealed record SweepCandidate(string Point, double? Complexity);
