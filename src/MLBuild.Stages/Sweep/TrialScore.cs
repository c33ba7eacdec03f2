using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Sweep;

/// <summary>How one point did on one fold.</summary>
/// <param name="Options">What was trained with.</param>
/// <param name="TrainRows">Rows it learned from.</param>
/// <param name="ScoredRows">Rows of the fold.</param>
/// <param name="Metrics">By name; missing ones say why.</param>
public sealed record TrialScore<TOptions>(
    string Point, int Fold, TOptions Options, long TrainRows, long ScoredRows,
    IReadOnlyDictionary<string, MetricValue> Metrics);
