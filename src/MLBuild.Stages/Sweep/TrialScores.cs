using MLBuild.Engine.Stages;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Sweeps;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Sweep;

/// <summary>The scores of all trials that a stage reads, by point.</summary>
internal sealed class TrialScores<TOptions>
{
    private readonly ILookup<string, TrialScore<TOptions>> _trials;

    private TrialScores(ILookup<string, TrialScore<TOptions>> trials) => _trials = trials;

    public static TrialScores<TOptions> Of(StageRun run) => new(run.Inputs(TrialStage.Score)
        .Select(input => ReportFile.Read<TrialScore<TOptions>>(input.Path)).OrderBy(trial => trial.Fold)
        .ToLookup(trial => trial.Point, StringComparer.Ordinal));

    /// <summary>The first trial of a point.</summary>
    public TrialScore<TOptions> First(string point) => _trials[point].First();

    /// <summary>The last rung in which a point took part; null for one that was not stopped.</summary>
    public int? StoppedAfter(string point) => First(point).StoppedAfter;

    /// <exception cref="SweepException">There is no such metric.</exception>
    public PointScores Of(SweepCandidate point, SweepMetric metric) => new(
        point.Point, point.Complexity, [.. _trials[point.Point].Select(trial => Metric(trial, metric))]);

    private static MetricValue Metric(TrialScore<TOptions> trial, SweepMetric metric) =>
        trial.Metrics.TryGetValue(metric.Name, out var value)
            ? value
            : throw new SweepException($"The trials have no metric '{metric.Name}'. They have: " +
                $"{string.Join(", ", trial.Metrics.Keys)}. Rank the sweep by one of them.");
}
