using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Gates;

/// <summary>Decides whether a mean is at most a limit, by its two one-sided 95 % bounds: it is if the upper bound is at
/// or below the limit, it is not if the lower bound is above, and between them nobody knows.</summary>
internal static class OneSidedTest
{
    /// <summary>Below this many rows the normal distribution does not describe a mean.</summary>
    public const int LeastRows = 30;

    private const double OneSided95 = 1.6448536269514722;
    private const double Power80 = 0.8416212335729143;

    public static DifferenceInterval Interval(double mean, double error) =>
        new(mean, mean - (OneSided95 * error), mean + (OneSided95 * error));

    /// <param name="rows">Independent rows behind the mean.</param>
    /// <param name="mean">Larger is worse.</param>
    /// <param name="error">The standard error of the mean, from 0.</param>
    /// <param name="limit">The largest mean that is good enough.</param>
    /// <param name="worse">Why it fails where it is not.</param>
    public static Outcome Decide(long rows, double mean, double error, double limit, FailReason worse)
    {
        if (rows < LeastRows)
            return new Outcome.Inconclusive(InconclusiveReason.TooFewRows, LeastRows - rows);
        if (mean + (OneSided95 * error) <= limit)
            return new Outcome.Pass();
        if (mean - (OneSided95 * error) > limit)
            return new Outcome.Fail(worse);
        return new Outcome.Inconclusive(
            InconclusiveReason.MarginInsideInterval, MoreRowsNeeded(rows, limit - mean, error));
    }

    /// <summary>How a sentence ends that says an outcome.</summary>
    public static string WayOut(Outcome outcome) => outcome switch
    {
        Outcome.Inconclusive { Reason: InconclusiveReason.TooFewRows, MoreRowsNeeded: { } more } =>
            $"; a bound needs {LeastRows} rows, evaluate {Figures.Count(more)} more.",
        Outcome.Inconclusive { MoreRowsNeeded: { } more } =>
            $"; about {Figures.Count(more)} more rows would decide.",
        Outcome.Inconclusive => "; no number of rows would decide.",
        _ => ".",
    };

    // With n rows the bound lies z95 * s / sqrt(n) from the mean, where s = error * sqrt(rows). It clears the limit in
    // 80 of 100 evaluations when n = ((z95 + z80) * s / distance)^2, if the true mean is the one observed. This is the
    // usual sample size of a one-sided test of a mean (S.-C. Chow et al., Sample Size Calculations in Clinical
    // Research, ch. 3).
    private static long? MoreRowsNeeded(long rows, double distance, double error)
    {
        var ratio = (OneSided95 + Power80) * error / distance;
        var needed = Math.Ceiling(rows * ratio * ratio);
        // Null for a mean that is the limit itself, and for counts that only say "never".
        return needed < 1e15 ? (long)needed - rows : null;
    }
}
