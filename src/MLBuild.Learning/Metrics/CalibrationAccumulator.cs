namespace MLBuild.Learning.Metrics;

/// <summary>Computes <see cref="CalibrationMetrics"/> from a stream of rows, whatever their order.</summary>
/// <remarks>Sources: Naeini, Cooper, Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI
/// 2015 (ECE, MCE); Guo et al., "On calibration of modern neural networks", ICML 2017 (bins); Kumar, Liang, Ma,
/// "Verified uncertainty calibration", NeurIPS 2019 (l2). Of the probability of the event, not of the predicted class.
/// </remarks>
public sealed class CalibrationAccumulator(CalibrationBins bins)
{
    private readonly RowFaults _faults = new();
    private readonly IBinnedRows _rows = bins.NewRows();
    private long _measuredCount;

    /// <param name="label">1 where the event happened, 0 where it did not.</param>
    /// <param name="probability">Of the event, 0..1.</param>
    public void Add(double label, double probability)
    {
        if (!_faults.AcceptProbability(label, probability))
            return;
        _measuredCount++;
        _rows.Add(label == 1, probability);
    }

    /// <summary>The mean of the bins' gaps, each weighing its rows.</summary>
    internal static double ExpectedError(IReadOnlyList<ReliabilityBin> bins) =>
        bins.Sum(bin => bin.Count * bin.Gap) / bins.Sum(bin => bin.Count);

    /// <summary>In which the true mean lies, of rows like these: what happened in each bin is a share of its
    /// rows.</summary>
    internal static MetricInterval ExpectedErrorInterval(IReadOnlyList<ReliabilityBin> bins)
    {
        var rows = bins.Sum(bin => bin.Count);
        var error = Math.Sqrt(bins.Sum(bin => bin.Count * bin.PositiveShare * (1 - bin.PositiveShare))) / rows;
        return MetricInterval.Normal(
            IntervalMethod.Delta, ExpectedError(bins), error, rows, least: 0, most: 1);
    }

    /// <summary>The metrics of the rows added so far.</summary>
    public CalibrationMetrics ToMetrics()
    {
        if (_faults.Reason(_measuredCount) is { } reason)
        {
            var missing = new MetricValue.Missing(reason);
            return Metrics([], missing, missing, missing);
        }
        var bins = _rows.ToBins();
        return Metrics(
            bins,
            MetricValue.Of(ExpectedError(bins)),
            MetricValue.Of(Math.Sqrt(bins.Sum(bin => Share(bin) * bin.Gap * bin.Gap))),
            MetricValue.Of(bins.Max(bin => bin.Gap)));

        double Share(ReliabilityBin bin) => (double)bin.Count / _measuredCount;

        CalibrationMetrics Metrics(
            IReadOnlyList<ReliabilityBin> bins, MetricValue expected, MetricValue rootMeanSquare,
            MetricValue maximum) => new(
            _faults.With(_measuredCount), _faults.NonFiniteCount, _faults.UnknownLabelCount,
            _faults.OutOfRangeCount, bins, expected, rootMeanSquare, maximum);
    }
}
