using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>By how much a challenger's accuracy differs from a champion's on the same rows.</summary>
/// <param name="Count">Rows seen, faulty ones included.</param>
/// <param name="NonFiniteCount">Rows with a label or a probability that is NaN or infinite. With one row of this or the
/// next two counts all values below are missing.</param>
/// <param name="UnknownLabelCount">Rows whose label is neither 0 nor 1.</param>
/// <param name="OutOfRangeCount">Rows with a probability outside 0..1.</param>
/// <param name="OnlyChallengerRight">Rows that the challenger alone calls what they are.</param>
/// <param name="OnlyChampionRight">Rows that the champion alone calls what they are.</param>
/// <param name="Difference">Challenger's accuracy − champion's, −1..1; above 0 the challenger is better.</param>
/// <param name="StandardError">The standard deviation of the rows' differences / √count.</param>
/// <param name="PValue">Of the exact test of <see cref="McNemar"/>, two-sided. It asks whether one is better, not by
/// how much: a gate needs the difference and its error.</param>
public sealed record PairedAccuracy(
    long Count,
    long NonFiniteCount,
    long UnknownLabelCount,
    long OutOfRangeCount,
    MetricValue OnlyChallengerRight,
    MetricValue OnlyChampionRight,
    MetricValue Difference,
    MetricValue StandardError,
    MetricValue PValue);

/// <summary>Computes a <see cref="PairedAccuracy"/> from a stream of rows, in constant memory.</summary>
/// <param name="threshold">The least probability, 0..1, of a row that is called positive.</param>
public sealed class PairedAccuracyAccumulator(double threshold = 0.5)
{
    private readonly RowFaults _faults = new();
    private readonly ThresholdCounts _outcomes = new(threshold);
    private readonly RunningMoments _difference = new();
    private long _onlyChallengerRight;
    private long _onlyChampionRight;

    /// <param name="label">1 where the event happened, 0 where it did not.</param>
    /// <param name="challengerProbability">Of the event, by the challenger; 0..1.</param>
    /// <param name="championProbability">Of the event, by the champion; 0..1.</param>
    public void Add(double label, double challengerProbability, double championProbability)
    {
        // Not both: a row that is faulty twice is one row.
        if (!_faults.AcceptProbability(label, challengerProbability)
            || !_faults.AcceptProbability(label, championProbability))
            return;
        Count(
            _outcomes.IsCalledPositive(challengerProbability) == (label == 1),
            _outcomes.IsCalledPositive(championProbability) == (label == 1));
    }

    /// <summary>Adds a row of any number of classes by what is made of it.</summary>
    /// <param name="challengerIsRight">Whether the challenger calls the row what it is; null where the row cannot be
    /// measured, which counts as a value that is not finite.</param>
    /// <param name="championIsRight">Whether the champion does.</param>
    public void Add(bool? challengerIsRight, bool? championIsRight)
    {
        if (challengerIsRight is { } challenger && championIsRight is { } champion)
            Count(challenger, champion);
        else
            _faults.AcceptScore(double.NaN, double.NaN);
    }

    private void Count(bool challengerIsRight, bool championIsRight)
    {
        _difference.Add((challengerIsRight ? 1 : 0) - (championIsRight ? 1 : 0));
        _onlyChallengerRight += challengerIsRight && !championIsRight ? 1 : 0;
        _onlyChampionRight += championIsRight && !challengerIsRight ? 1 : 0;
    }

    /// <summary>The comparison of the rows added so far.</summary>
    public PairedAccuracy ToComparison()
    {
        var measured = _difference.Count;
        if (_faults.Reason(measured) is { } reason)
        {
            var missing = new MetricValue.Missing(reason);
            return Comparison(missing, missing, missing, missing, missing);
        }
        return Comparison(
            MetricValue.Of(_onlyChallengerRight),
            MetricValue.Of(_onlyChampionRight),
            MetricValue.Of((double)(_onlyChallengerRight - _onlyChampionRight) / measured),
            measured < 2
                ? new MetricValue.Missing("one row has no spread; at least 2 are needed")
                : MetricValue.Of(Math.Sqrt(_difference.Variance / measured)),
            MetricValue.Of(McNemar.ExactP(_onlyChallengerRight, _onlyChampionRight)));

        PairedAccuracy Comparison(
            MetricValue onlyChallengerRight, MetricValue onlyChampionRight, MetricValue difference,
            MetricValue standardError, MetricValue pValue) => new(
            _faults.With(measured), _faults.NonFiniteCount, _faults.UnknownLabelCount, _faults.OutOfRangeCount,
            onlyChallengerRight, onlyChampionRight, difference, standardError, pValue);
    }
}
