using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Sweeps;

/// <summary>Trains with given options, and measures: all that a sweep has to know of a task. A pure function, such as
/// <see cref="ModelTrials.Score"/>.</summary>
/// <param name="training">Rows to learn from.</param>
/// <param name="scored">Other rows, to measure on.</param>
/// <returns>Each metric by its name; missing where it is not finite.</returns>
public delegate IReadOnlyDictionary<string, MetricValue> TrialScorer<in TOptions>(
    IFeatureSource training, IFeatureSource scored, TOptions options, CancellationToken cancellation);
