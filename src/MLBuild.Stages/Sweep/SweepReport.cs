using MLBuild.Learning.Splits;
using MLBuild.Learning.Sweeps;

namespace MLBuild.Stages.Sweep;

/// <summary>Which point of a sweep won and how all of them did, and on which rows.</summary>
/// <param name="Rows">Training rows that were dealt to folds.</param>
/// <param name="ScoredFolds">Folds on which each point was scored, from the first on.</param>
public sealed record SweepReport(
    SweepChoice Choice, long Rows, KeyFolds Folds, int ScoredFolds, KeySample Sample)
{
    /// <summary>The points that a halving stopped, by the last rung that they took part in; empty for other
    /// sweeps.</summary>
    public IReadOnlyDictionary<string, int> Stopped { get; init; } = new Dictionary<string, int>();
}
