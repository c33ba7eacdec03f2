using MLBuild.Learning.Sweeps;

namespace MLBuild.Stages.Sweep;

/// <summary>How the points of a rung are ranked.</summary>
/// <param name="Points">In the order of their declaration.</param>
/// <param name="Rung">From 1 on.</param>
public sealed record RungOptions(
    IReadOnlyList<SweepCandidate> Points, SweepMetric Metric, Halving Halving, int Rung);

/// <summary>Which point a decision is about.</summary>
public sealed record CutOptions(string Point);
