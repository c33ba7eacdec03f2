using MLBuild.Learning.Drift;

namespace MLBuild.Learning.Monitoring;

/// <summary>What the windows of a model are compared with, beside the profiles of its features and predictions:
/// registered with the model.</summary>
/// <param name="Errors">On held-out rows.</param>
/// <param name="Metrics">On held-out rows.</param>
/// <param name="Rules">Of each rule of the contract the share of rows that broke it where the model learned,
/// 0..1.</param>
public sealed record MonitorReference(
    ErrorProfile Errors, IReadOnlyList<MetricSum> Metrics, IReadOnlyDictionary<string, double> Rules)
{
    /// <summary>The first and the last moment for which a held-out row was to be predicted: they are drawn from the
    /// same rows as those that the model learned from. Null where rows have no time, and of models from before this was
    /// kept.</summary>
    public LearnedTimes? Times { get; init; }
}

/// <summary>From when to when the rows are that a model learned from.</summary>
public sealed record LearnedTimes(DateTime First, DateTime Last);

/// <summary>When something is found in a window.</summary>
/// <param name="MaxQuarantined">The part of all lines that may be unreadable, 0..1.</param>
public sealed record WindowLimits(DriftOptions Drift, PerformanceOptions Performance, double MaxQuarantined);

/// <summary>Judges windows by what was counted in them.</summary>
/// <param name="profiles">Of the features, then of the predictions.</param>
public sealed class WindowJudge<TRow>(
    int version, IReadOnlyList<FeatureProfile> profiles, MonitorReference reference,
    IReadOnlyList<BusinessMetric<TRow>> metrics, LabelSource labels, WindowLimits limits)
{
    /// <param name="parts">What was counted of the window in each file; none where no file has rows of it.</param>
    /// <exception cref="ArgumentException">A limit is out of its range.</exception>
    public WindowReport Judge(Window window, IReadOnlyList<WindowTally> parts)
    {
        var counters = profiles.Select(profile => profile.NewCounter()).ToArray();
        foreach (var part in parts)
        {
            for (var i = 0; i < counters.Length; i++)
                counters[i].Add(part.Features[i]);
        }
        var quality = parts.Aggregate(new QualityTally(0, 0, 0, [], []), (sum, part) => sum.Plus(part.Quality));
        var errors = parts.Aggregate(ErrorTally.None(reference.Errors), (sum, part) => sum.Plus(part.Errors));
        var performance = PerformanceReport.Of(
            reference.Errors, errors, limits.Performance, isAsked: labels != LabelSource.None);
        var hasLabels = errors.Labelled >= limits.Performance.MinLabelled
            && errors.Labelled >= limits.Performance.MinCoverage * errors.Rows;
        return WindowReport.Of(
            window, version, parts.Sum(part => part.Rows),
            QualityReport.Of(quality, reference.Rules, limits.MaxQuarantined),
            DriftReport.Compare(counters, limits.Drift), performance,
            labels == LabelSource.None
                ? []
                : [.. metrics.Select(metric => MetricReport.Of(
                    metric, Sum(reference.Metrics, metric.Name),
                    parts.Aggregate(SumTally.None, (sum, part) => sum.Plus(Sum(part.Metrics, metric.Name))),
                    limits.Performance, hasLabels))]);
    }

    // A metric that was declared after the model was registered has no reference.
    private static SumTally Sum(IReadOnlyList<MetricSum> sums, string name) =>
        sums.FirstOrDefault(sum => sum.Name == name)?.Sum ?? SumTally.None;
}
