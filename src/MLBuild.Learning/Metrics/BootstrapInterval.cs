namespace MLBuild.Learning.Metrics;

/// <summary>A metric with the interval in which its true value lies, by the bootstrap.</summary>
/// <param name="Units">Rows or clusters that were drawn from.</param>
/// <param name="Resamples">Resamples that were measured.</param>
/// <param name="Confidence">How often such intervals hold the true value, about; below 1.</param>
/// <param name="Estimate">The metric of all rows, in its unit.</param>
/// <param name="Low">The lower end, in the unit of the metric.</param>
/// <param name="High">The upper end.</param>
public sealed record BootstrapInterval(
    int Units,
    int Resamples,
    double Confidence,
    MetricValue Estimate,
    MetricValue Low,
    MetricValue High);

/// <summary>By how much a challenger's metric differs from a champion's on the same rows, by the paired
/// bootstrap.</summary>
/// <param name="Interval">Challenger − champion, in the unit of the metric.</param>
/// <param name="PValue">Two-sided, 2 (1 + the smaller number of resamples on one side of 0, those at 0 included) /
/// (resamples + 1), at most 1: up to 1 − confidence exactly where the interval leaves 0 out.</param>
public sealed record BootstrapDifference(BootstrapInterval Interval, MetricValue PValue);
