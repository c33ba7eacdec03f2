using System.Text.Json.Serialization;

namespace MLBuild.Learning.Metrics;

/// <summary>Where the true errors of a regression lie, of rows like those that were seen.</summary>
/// <param name="Rmse">In the unit of the target.</param>
/// <param name="Mae">In the unit of the target.</param>
public sealed record RegressionIntervals(MetricInterval Rmse, MetricInterval Mae);

/// <summary>The ends between which a metric's true value lies, in its unit.</summary>
/// <param name="Confidence">How often such intervals hold the true value, about; below 1.</param>
public sealed record MetricInterval(IntervalMethod Method, double Confidence, MetricValue Low, MetricValue High);

/// <summary>How an interval was found.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IntervalMethod>))]
public enum IntervalMethod
{
    /// <summary>From resamples of the rows: of few rows the mean of squared errors, whose tail is long, is not normal
    /// yet.</summary>
    Bootstrap,

    /// <summary>From the normal distribution of a mean of many rows, in constant memory; for the RMSE the ends are the
    /// roots of those of the mean squared error.</summary>
    Normal,
}
