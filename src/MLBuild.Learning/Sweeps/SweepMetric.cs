using MLBuild.Learning.Gates;

namespace MLBuild.Learning.Sweeps;

/// <summary>What points are ranked by.</summary>
/// <param name="Name">As the scores of a trial name it: <c>rmse</c>.</param>
/// <param name="Direction">Which of its values are good.</param>
public sealed record SweepMetric(string Name, Direction Direction);
