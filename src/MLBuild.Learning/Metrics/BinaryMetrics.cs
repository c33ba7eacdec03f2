using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>How well the probability of an event was predicted, over all rows of one set or slice.</summary>
/// <param name="Count">Rows seen, faulty ones included.</param>
/// <param name="NonFiniteCount">Rows whose label or probability is NaN or infinite. With one row of this or the next
/// two counts every metric below is missing: leaving it out would make a broken model look better.</param>
/// <param name="UnknownLabelCount">Rows whose label is neither 0 nor 1.</param>
/// <param name="OutOfRangeCount">Rows whose probability is outside 0..1. It is not clipped: such a number is no
/// probability, but a score, a percentage or an error.</param>
/// <param name="ZeroProbabilityCount">Rows that gave probability 0 to the label they have.</param>
/// <param name="Prevalence">The share of positive rows, 0..1.</param>
/// <param name="RocAuc">As in <see cref="RankingMetrics"/>.</param>
/// <param name="AveragePrecision">As in <see cref="RankingMetrics"/>.</param>
/// <param name="LogLoss">Mean −ln(probability of the label the row has), in nats; divide by ln 2 for bits, which ML.NET
/// prints. Nothing is clipped. One row that was sure and wrong (<paramref name="ZeroProbabilityCount"/>) makes the true
/// value infinite, so it is missing then: a library that clips would print how far it clips. Smooth the model's
/// probabilities, or judge it by <paramref name="Brier"/>.</param>
/// <param name="Brier">Mean (probability − label)², 0..1; 0 is perfect.</param>
/// <param name="AtThreshold">What follows from calling rows positive.</param>
public sealed record BinaryMetrics(
    long Count,
    long NonFiniteCount,
    long UnknownLabelCount,
    long OutOfRangeCount,
    long ZeroProbabilityCount,
    MetricValue Prevalence,
    MetricValue RocAuc,
    MetricValue AveragePrecision,
    MetricValue LogLoss,
    MetricValue Brier,
    ThresholdMetrics AtThreshold);

/// <summary>Computes <see cref="BinaryMetrics"/> from a stream of rows in one pass. For the two metrics of the order
/// it keeps 8 bytes a row.</summary>
/// <param name="threshold">The least probability, 0..1, of a row that is called positive.</param>
public sealed class BinaryAccumulator(double threshold = 0.5)
{
    private readonly RowFaults _faults = new();
    private readonly RankingAccumulator _ranking = new();
    private readonly ThresholdCounts _outcomes = new(threshold);
    private readonly RunningMoments _logLoss = new();
    private readonly RunningMoments _squaredError = new();
    private long _zeroProbabilityCount;

    /// <param name="label">1 where the event happened, 0 where it did not.</param>
    /// <param name="probability">Of the event, 0..1.</param>
    public void Add(double label, double probability)
    {
        if (!_faults.AcceptProbability(label, probability))
            return;
        var isPositive = label == 1;
        _ranking.Add(label, probability);
        _outcomes.Add(isPositive, probability);
        _squaredError.Add((probability - label) * (probability - label));
        var loss = isPositive ? LogLoss.OfEvent(probability) : LogLoss.OfNoEvent(probability);
        if (double.IsFinite(loss))
            _logLoss.Add(loss);
        else
            _zeroProbabilityCount++;
    }

    /// <summary>The metrics of the rows added so far.</summary>
    public BinaryMetrics ToMetrics()
    {
        var measured = _squaredError.Count;
        if (_faults.Reason(measured) is { } reason)
        {
            var missing = new MetricValue.Missing(reason);
            return Metrics(missing, missing, missing, missing, missing, _outcomes.Missing(missing));
        }
        var ranking = _ranking.ToMetrics();
        return Metrics(
            ranking.Prevalence,
            ranking.RocAuc,
            ranking.AveragePrecision,
            _zeroProbabilityCount > 0
                ? LogLoss.Infinite(_zeroProbabilityCount, measured)
                : MetricValue.Of(_logLoss.Mean),
            MetricValue.Of(_squaredError.Mean),
            _outcomes.ToMetrics());

        BinaryMetrics Metrics(
            MetricValue prevalence, MetricValue rocAuc, MetricValue averagePrecision, MetricValue logLoss,
            MetricValue brier, ThresholdMetrics atThreshold) => new(
            _faults.With(measured), _faults.NonFiniteCount, _faults.UnknownLabelCount, _faults.OutOfRangeCount,
            _zeroProbabilityCount, prevalence, rocAuc, averagePrecision, logLoss, brier, atThreshold);
    }
}
