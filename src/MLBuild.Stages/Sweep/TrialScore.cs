using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Sweep;

/// <summary>How one point did on one fold.</summary>
/// <param name="Options">What was trained with.</param>
/// <param name="TrainRows">Rows it learned from.</param>
/// <param name="ScoredRows">Rows of the fold.</param>
/// <param name="Metrics">By name; missing ones say why.</param>
public sealed record TrialScore<TOptions>(
    string Point, int Fold, TOptions Options, long TrainRows, long ScoredRows,
    IReadOnlyDictionary<string, MetricValue> Metrics)
{
    /// <summary>The last rung of a halving in which the point took part: this is a later one, and nothing was trained.
    /// Null for a score.</summary>
    public int? StoppedAfter { get; init; }
}
