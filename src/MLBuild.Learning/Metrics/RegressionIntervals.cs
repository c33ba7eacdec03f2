namespace MLBuild.Learning.Metrics;

/// <summary>Where the true errors of a regression lie, of rows like those that were seen.</summary>
/// <param name="Rmse">In the unit of the target, as the next two.</param>
/// <param name="R2">No unit.</param>
/// <param name="ShareWithinTenPercent">0..1.</param>
public sealed record RegressionIntervals(
    MetricInterval Rmse, MetricInterval Mae, MetricInterval MeanError, MetricInterval R2,
    MetricInterval ShareWithinTenPercent);
