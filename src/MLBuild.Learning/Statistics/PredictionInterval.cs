namespace MLBuild.Learning.Statistics;

/// <summary>A measurement of one batch and the variance that it has because the batch is a sample.</summary>
public readonly record struct Measurement(double Value, double Variance);

/// <summary>Where the measurement of the next batch lies when batches differ by more than chance.</summary>
/// <remarks>The batches' true values vary around a mean with variance τ², and each is measured with its own sampling
/// variance v. τ² = max(0, S² − mean v), S² the sample variance of the measurements (Hedges, Olkin, Statistical Methods
/// for Meta-Analysis, 1985, 9.3). The next one lies within t(k−1) · √(τ² (1 + 1/k) + v_next + mean v / k) of the mean
/// (Higgins, Thompson, Spiegelhalter, JRSS A 172, 2009, section 3.3, with k−1 degrees of freedom; with no sampling
/// variance it is the textbook prediction interval of Hahn, Meeker, Statistical Intervals, 1991, 4.6).</remarks>
public static class PredictionInterval
{
    /// <summary>The middle of the interval, and how far it reaches to each side.</summary>
    /// <param name="history">The measurements of earlier batches, at least two.</param>
    /// <param name="nextVariance">The sampling variance of the next one.</param>
    /// <param name="alarms">How often the next one lies outside by chance; above 0, below 1.</param>
    public static (double Middle, double Reach) Of(
        IReadOnlyList<Measurement> history, double nextVariance, double alarms)
    {
        if (history.Count < 2)
            throw new ArgumentException($"{history.Count} batches do not show how batches vary. Give at least two.");
        var values = new RunningMoments();
        var within = 0.0;
        foreach (var (value, variance) in history)
        {
            values.Add(value);
            within += variance / history.Count;
        }
        var between = Math.Max(0, values.Variance - within);
        var t = StudentT.Quantile(1 - alarms / 2, history.Count - 1);
        return (
            values.Mean,
            t * Math.Sqrt(between * (1 + 1.0 / history.Count) + nextVariance + within / history.Count));
    }
}
