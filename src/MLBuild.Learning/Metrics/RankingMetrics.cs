using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>How well scores put positive rows above negative ones. Any finite scores will do, margins and
/// log-odds too: only their order counts.</summary>
/// <param name="Count">Rows seen, faulty ones included.</param>
/// <param name="NonFiniteCount">Rows whose label or score is NaN or infinite. With one row of this or the next count
/// every metric below is missing: leaving it out would make a broken model look better.</param>
/// <param name="UnknownLabelCount">Rows whose label is neither 0 nor 1.</param>
/// <param name="Prevalence">The share of positive rows, 0..1.</param>
/// <param name="RocAuc">The probability, 0..1, that a positive row scores above a negative one, ties counting half:
/// the area under the ROC curve. 0.5 is chance. Missing without rows of both classes.</param>
/// <param name="AveragePrecision">Σ (Rₙ − Rₙ₋₁) Pₙ over all distinct scores from the highest down, Pₙ and Rₙ precision
/// and recall of the rows with at least that score; 0..1, the prevalence is chance. It does not interpolate, so it is
/// not the area under a precision-recall curve that other libraries report. Missing without rows of both classes:
/// without negatives every order has 1.</param>
public sealed record RankingMetrics(
    long Count,
    long NonFiniteCount,
    long UnknownLabelCount,
    MetricValue Prevalence,
    MetricValue RocAuc,
    MetricValue AveragePrecision);

/// <summary>Computes <see cref="RankingMetrics"/> exactly, whatever the order of the rows. It keeps 8 bytes a
/// row.</summary>
/// <remarks>Sources: AUC as the Mann–Whitney statistic, Hanley and McNeil, Radiology 143, 1982; average precision as
/// defined by scikit-learn's average_precision_score.</remarks>
public sealed class RankingAccumulator
{
    private readonly RowFaults _faults = new();
    private readonly LabelledScores _scores = new();

    /// <param name="label">1 for a positive row, 0 for a negative one.</param>
    /// <param name="score">Higher for rows that are more likely to be positive.</param>
    public void Add(double label, double score)
    {
        if (_faults.AcceptScore(label, score))
            _scores.Add(label == 1, score);
    }

    /// <summary>The scores themselves, for what else needs all of them.</summary>
    internal LabelledScores Scores => _scores;

    /// <summary>In which the true area lies, of rows like those added so far. Of no meaning where it is
    /// missing.</summary>
    internal MetricInterval RocAucInterval(double rocAuc)
    {
        var (positives, negatives) = (_scores.PositiveCount, _scores.NegativeCount);
        var (ofPositives, ofNegatives) = (new RunningMoments(), new RunningMoments());
        var (positivesBelow, negativesBelow) = (0L, 0L);
        // A positive row's part is the share of negative rows below it, a negative row's that of positive rows above.
        foreach (var tie in _scores.Rising())
        {
            ofPositives.Merge(new(
                tie.PositiveCount, (negativesBelow + (tie.NegativeCount / 2.0)) / negatives, sumOfSquares: 0));
            ofNegatives.Merge(new(
                tie.NegativeCount, (positives - positivesBelow - (tie.PositiveCount / 2.0)) / positives,
                sumOfSquares: 0));
            positivesBelow += tie.PositiveCount;
            negativesBelow += tie.NegativeCount;
        }
        var error = Math.Sqrt((ofPositives.Variance / positives) + (ofNegatives.Variance / negatives));
        return MetricInterval.Logit(
            IntervalMethod.DeLong, rocAuc, error / (rocAuc * (1 - rocAuc)), Math.Min(positives, negatives));
    }

    /// <summary>In which the true average precision lies. Of no meaning where it is missing.</summary>
    internal MetricInterval AveragePrecisionInterval(double precision) => MetricInterval.Logit(
        IntervalMethod.Logit, precision, 1 / Math.Sqrt(_scores.PositiveCount * precision * (1 - precision)),
        Math.Min(_scores.PositiveCount, _scores.NegativeCount));

    /// <summary>How many rows of each class have at least a score, from the highest down: what ROC and precision-recall
    /// curves are drawn from. Of many points some, at most, that are about as far from each other.</summary>
    /// <param name="most">From 2.</param>
    public IReadOnlyList<CurvePoint> Curve(int most)
    {
        var (positives, negatives) = (_scores.PositiveCount, _scores.NegativeCount);
        var points = new List<CurvePoint>();
        var (positivesBelow, negativesBelow) = (0L, 0L);
        var last = (Positives: long.MinValue / 2, Negatives: long.MinValue / 2);
        foreach (var tie in _scores.Rising())
        {
            // As far along the axes as all points that are asked for would be from each other.
            var moved = Math.Max(
                (double)(positivesBelow - last.Positives) / Math.Max(1, positives),
                (double)(negativesBelow - last.Negatives) / Math.Max(1, negatives));
            if (moved * (most - 2) >= 2)
            {
                points.Add(new(tie.Score, positives - positivesBelow, negatives - negativesBelow));
                last = (positivesBelow, negativesBelow);
            }
            positivesBelow += tie.PositiveCount;
            negativesBelow += tie.NegativeCount;
        }
        points.Reverse();
        return points;
    }

    /// <summary>The metrics of the rows added so far.</summary>
    public RankingMetrics ToMetrics()
    {
        var (positives, negatives) = (_scores.PositiveCount, _scores.NegativeCount);
        var measured = positives + negatives;
        if (_faults.Reason(measured) is { } reason)
        {
            var missing = new MetricValue.Missing(reason);
            return Metrics(missing, missing, missing);
        }
        var prevalence = MetricValue.Of((double)positives / measured);
        if (positives == 0 || negatives == 0)
        {
            var oneClass = new MetricValue.Missing(
                $"all {measured} rows are {(positives == 0 ? "negative" : "positive")}; an order needs both classes");
            return Metrics(prevalence, oneClass, oneClass);
        }
        var (rocAuc, averagePrecision) = Areas(positives, negatives);
        return Metrics(prevalence, MetricValue.Of(rocAuc), MetricValue.Of(averagePrecision));

        RankingMetrics Metrics(MetricValue prevalence, MetricValue rocAuc, MetricValue averagePrecision) => new(
            _faults.With(measured), _faults.NonFiniteCount, _faults.UnknownLabelCount,
            prevalence, rocAuc, averagePrecision);
    }

    private (double RocAuc, double AveragePrecision) Areas(long positives, long negatives)
    {
        // Pairs of a positive row above a negative one, twice, so that half a pair is a whole number too.
        var twiceInOrder = UInt128.Zero;
        // At each positive row, to be divided by their number last: a perfect order then has exactly 1.
        var precisions = 0.0;
        var (positivesBelow, negativesBelow) = (0L, 0L);
        foreach (var tie in _scores.Rising())
        {
            twiceInOrder += (UInt128)(ulong)tie.PositiveCount * (ulong)(2 * negativesBelow + tie.NegativeCount);
            var (truePositives, falsePositives) = (positives - positivesBelow, negatives - negativesBelow);
            precisions += tie.PositiveCount * ((double)truePositives / (truePositives + falsePositives));
            positivesBelow += tie.PositiveCount;
            negativesBelow += tie.NegativeCount;
        }
        return ((double)twiceInOrder / (2.0 * positives * negatives), precisions / positives);
    }
}

/// <summary>The rows that have at least a score.</summary>
/// <param name="TruePositives">Positive ones among them.</param>
/// <param name="FalsePositives">Negative ones.</param>
public sealed record CurvePoint(double Score, long TruePositives, long FalsePositives);
