using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>How well the probability of an event was predicted, over all rows of one set or slice.</summary>
/// <param name="Count">Rows seen, faulty ones included.</param>
/// <param name="NonFiniteCount">Rows whose label or probability is NaN or infinite. With one row of this or the next
/// two counts every metric below is missing: leaving it out would make a broken model look better.</param>
/// <param name="UnknownLabelCount">Rows whose label is neither 0 nor 1.</param>
/// <param name="OutOfRangeCount">Rows whose probability is outside 0..1. It is not clipped: such a number is no
/// probability, but a score, a percentage or an error.</param>
/// <param name="ClippedCount">Rows that gave the label they have a probability of at most 2⁻²⁴, in single precision
/// nothing: sure, and wrong.</param>
/// <param name="Prevalence">The share of positive rows, 0..1.</param>
/// <param name="RocAuc">As in <see cref="RankingMetrics"/>.</param>
/// <param name="AveragePrecision">As in <see cref="RankingMetrics"/>.</param>
/// <param name="LogLoss">Mean −ln(probability of the label the row has), in nats; divide by ln 2 for bits, which ML.NET
/// prints. A probability below 2⁻²⁴ counts as that (<paramref name="ClippedCount"/>): with scores of single precision
/// nobody can tell.</param>
/// <param name="Brier">Mean (probability − label)², 0..1; 0 is perfect.</param>
/// <param name="AtThreshold">What follows from calling rows positive.</param>
public sealed record BinaryMetrics(
    long Count,
    long NonFiniteCount,
    long UnknownLabelCount,
    long OutOfRangeCount,
    long ClippedCount,
    MetricValue Prevalence,
    MetricValue RocAuc,
    MetricValue AveragePrecision,
    MetricValue LogLoss,
    MetricValue Brier,
    ThresholdMetrics AtThreshold);

/// <summary>Computes <see cref="BinaryMetrics"/> from a stream of rows in one pass. For the two metrics of the order
/// it keeps 8 bytes a row.</summary>
/// <param name="threshold">The least probability, 0..1, of a row that is called positive.</param>
/// <param name="ranks">Whether it does; without, it needs constant memory and those two are missing.</param>
public sealed class BinaryAccumulator(double threshold = 0.5, bool ranks = true)
{
    private readonly RowFaults _faults = new();
    private readonly RankingAccumulator _ranking = new();
    private readonly ThresholdCounts _outcomes = new(threshold);
    private readonly RunningMoments _logLoss = new();
    private readonly RunningMoments _squaredError = new();
    private long _clippedCount;

    /// <param name="label">1 where the event happened, 0 where it did not.</param>
    /// <param name="probability">Of the event, 0..1.</param>
    public void Add(double label, double probability)
    {
        if (!_faults.AcceptProbability(label, probability))
            return;
        var isPositive = label == 1;
        if (ranks)
            _ranking.Add(label, probability);
        _outcomes.Add(isPositive, probability);
        _squaredError.Add((probability - label) * (probability - label));
        var loss = isPositive ? LogLoss.OfEvent(probability) : LogLoss.OfNoEvent(probability);
        _logLoss.Add(loss);
        _clippedCount += LogLoss.IsClipped(loss) ? 1 : 0;
    }

    internal RankingAccumulator Ranking => _ranking;

    internal ThresholdCounts Outcomes => _outcomes;

    internal long FaultyCount => _faults.Count;

    /// <summary>The metrics of the rows added so far.</summary>
    public BinaryMetrics ToMetrics()
    {
        var measured = _squaredError.Count;
        if (_faults.Reason(measured) is { } reason)
        {
            var missing = new MetricValue.Missing(reason);
            return Metrics(missing, missing, missing, missing, missing, _outcomes.Missing(missing));
        }
        var outcomes = _outcomes.ToMetrics();
        var (rocAuc, averagePrecision) = Ranked();
        return Metrics(
            _outcomes.Prevalence,
            rocAuc,
            averagePrecision,
            MetricValue.Of(_logLoss.Mean),
            MetricValue.Of(_squaredError.Mean),
            outcomes);

        (MetricValue RocAuc, MetricValue AveragePrecision) Ranked()
        {
            var notKept = new MetricValue.Missing("the scores were not kept");
            return ranks && _ranking.ToMetrics() is var ranking
                ? (ranking.RocAuc, ranking.AveragePrecision)
                : (notKept, notKept);
        }

        BinaryMetrics Metrics(
            MetricValue prevalence, MetricValue rocAuc, MetricValue averagePrecision, MetricValue logLoss,
            MetricValue brier, ThresholdMetrics atThreshold) => new(
            _faults.With(measured), _faults.NonFiniteCount, _faults.UnknownLabelCount, _faults.OutOfRangeCount,
            _clippedCount, prevalence, rocAuc, averagePrecision, logLoss, brier, atThreshold);
    }
}
