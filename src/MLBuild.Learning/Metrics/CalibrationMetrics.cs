namespace MLBuild.Learning.Metrics;

/// <summary>Whether events are as frequent as their probabilities say. Calibration is not skill: giving every row
/// the prevalence is perfectly calibrated.</summary>
/// <param name="Count">Rows seen, faulty ones included.</param>
/// <param name="NonFiniteCount">Rows whose label or probability is NaN or infinite. With one row of this or the next
/// two counts every metric below is missing.</param>
/// <param name="UnknownLabelCount">Rows whose label is neither 0 nor 1.</param>
/// <param name="OutOfRangeCount">Rows whose probability is outside 0..1.</param>
/// <param name="Bins">The reliability curve: bins that hold rows, by rising probability. Empty where the errors are
/// missing.</param>
/// <param name="ExpectedError">Expected calibration error (ECE, l1): the mean of the bins' gaps, each weighing its
/// share of rows; 0..1. By chance alone a perfect model of n rows has about √(bins / n) / 3, so compare it only at
/// equal bins and similar row counts.</param>
/// <param name="RootMeanSquareError">The same as √ mean gap² (l2), 0..1: large gaps count more.</param>
/// <param name="MaximumError">Maximum calibration error (MCE): the largest gap of any bin, 0..1, however few rows it
/// holds.</param>
public sealed record CalibrationMetrics(
    long Count,
    long NonFiniteCount,
    long UnknownLabelCount,
    long OutOfRangeCount,
    IReadOnlyList<ReliabilityBin> Bins,
    MetricValue ExpectedError,
    MetricValue RootMeanSquareError,
    MetricValue MaximumError);

/// <summary>The rows of one bin: a point of the reliability curve.</summary>
/// <param name="Above">The lower edge. Its probability is in the bin below, except in the lowest bin.</param>
/// <param name="UpTo">The upper edge.</param>
/// <param name="Count">Rows, at least 1.</param>
/// <param name="MeanProbability">What the model said, on average; 0..1.</param>
/// <param name="PositiveShare">What happened: the share of positive rows, 0..1.</param>
public sealed record ReliabilityBin(
    double Above, double UpTo, long Count, double MeanProbability, double PositiveShare)
{
    /// <summary>|what happened − what the model said|.</summary>
    internal double Gap => Math.Abs(PositiveShare - MeanProbability);
}
