using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Gates;

/// <summary>The challenger's errors beside those of a trivial model on the same rows, or why there are none. A trivial
/// model predicts what needs no features: for squared errors the mean of the training labels, for the log loss the
/// shares of their classes.</summary>
public abstract record BaselineComparison
{
    private BaselineComparison()
    {
    }

    /// <param name="Rows">All rows of the slice.</param>
    /// <param name="Challenger">The mean of the challenger's errors, such as squared errors.</param>
    /// <param name="Baseline">The mean of the trivial model's.</param>
    /// <param name="ChallengerVariance">Of the sample (n - 1), as the other two.</param>
    public sealed record Measured(
        long Rows, double Challenger, double Baseline, double ChallengerVariance, double BaselineVariance,
        double Covariance) : BaselineComparison
    {
        /// <summary>The mean over rows of the challenger's error minus so many times the baseline's, and its standard
        /// error.</summary>
        internal (double Mean, double StandardError) Difference(double times)
        {
            var variance = ChallengerVariance + (times * times * BaselineVariance) - (2 * times * Covariance);
            // Of nearly equal errors rounding may leave a trace below zero, whose root would be no number.
            return (Challenger - (times * Baseline), Math.Sqrt(Math.Max(0, variance) / Rows));
        }
    }

    /// <param name="Reason">A clause: "the training table has no rows".</param>
    public sealed record Missing(string Reason) : BaselineComparison;
}

/// <summary>Computes a <see cref="BaselineComparison"/> from a stream of rows, in constant memory and in one
/// pass.</summary>
/// <remarks>The covariance is updated as the variances are (<see cref="RunningMoments"/>): Σ (x − mean x)(y − mean y)
/// grows by (x − mean before)(y − mean after). Source: Bennett, Grout, Pébay, Roe, Thompson, "Numerically stable,
/// single-pass, parallel statistics algorithms", IEEE CLUSTER 2009.</remarks>
public sealed class BaselineComparisonAccumulator
{
    private readonly RunningMoments _challenger = new();
    private readonly RunningMoments _baseline = new();
    private double _together;
    private long _nonFiniteCount;

    /// <param name="challengerError">Of one row, from 0: its squared error.</param>
    /// <param name="baselineError">The trivial model's on the same row.</param>
    public void Add(double challengerError, double baselineError)
    {
        if (!double.IsFinite(challengerError) || !double.IsFinite(baselineError))
        {
            _nonFiniteCount++;
            return;
        }
        var before = challengerError - _challenger.Mean;
        _challenger.Add(challengerError);
        _baseline.Add(baselineError);
        _together += before * (baselineError - _baseline.Mean);
    }

    public BaselineComparison ToComparison()
    {
        var rows = _challenger.Count + _nonFiniteCount;
        if (rows < 2)
            return new BaselineComparison.Missing(rows == 0 ? "there are no rows" : "one row has no spread");
        if (_nonFiniteCount > 0)
            return new BaselineComparison.Missing($"{_nonFiniteCount} of {rows} rows have an error that is not finite");
        var measured = new BaselineComparison.Measured(
            rows, _challenger.Mean, _baseline.Mean, _challenger.Variance, _baseline.Variance, _together / (rows - 1));
        return double.IsFinite(measured.Challenger) && double.IsFinite(measured.Baseline)
            && double.IsFinite(measured.ChallengerVariance) && double.IsFinite(measured.BaselineVariance)
            && double.IsFinite(measured.Covariance)
            ? measured
            : new BaselineComparison.Missing("the errors are too large to compare");
    }
}
