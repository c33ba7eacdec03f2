using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Gates;

/// <summary>The challenger must not be worse than the champion by more than a margin, with one-sided 95 % confidence.
/// The bound on the paired mean difference decides: at or below the margin it passes; where even the opposite bound is
/// above, it fails; between them it is inconclusive. Every rule of a gate must pass, so testing many slices does not
/// make a wrong pass more likely than 5 % and needs no correction (R. L. Berger, Multiparameter hypothesis testing and
/// acceptance sampling, 1982).</summary>
public sealed record NonInferiority : ChampionRule
{
    /// <summary>Below this many rows the normal distribution does not describe a mean.</summary>
    public const int RowsForABound = 30;

    private const double OneSided95 = 1.6448536269514722;
    private const double Power80 = 0.8416212335729143;

    /// <param name="metric">A mean over rows, such as squared error, with a <see cref="PairedDifference"/>.</param>
    /// <param name="slice">The rows to compare on.</param>
    /// <param name="margin">How much worse the challenger may be.</param>
    /// <param name="direction">Which values are good.</param>
    public NonInferiority(string metric, Slice slice, Margin margin, Direction direction = Direction.LowerIsBetter)
        : base(metric, slice, direction) => Margin = margin;

    public Margin Margin { get; }

    private protected override RuleKind Kind => RuleKind.NonInferiority;

    private protected override RuleResult Compare(
        double value, long rows, double champion, PairedDifference difference)
    {
        if (difference.Mean is not MetricValue.Value { Number: var mean })
            return NotJudged(FailReason.ChampionNotMeasured, $"the difference to the champion is {difference.Mean}");
        if (difference.StandardError is not MetricValue.Value { Number: >= 0 and var error })
            return NotJudged(
                FailReason.ChampionNotMeasured,
                $"the standard error of the difference to the champion is {difference.StandardError}");
        if (difference.Rows <= 0)
            return NotJudged(FailReason.ChampionNotMeasured, "no rows were compared with the champion's");

        var margin = Margin.Of(champion);
        var interval = new DifferenceInterval(mean, mean - (OneSided95 * error), mean + (OneSided95 * error));
        if (!double.IsFinite(margin) || !double.IsFinite(interval.Lower) || !double.IsFinite(interval.Upper))
            return BeyondDouble();

        var outcome = Decide(difference.Rows, Direction.Worsening(mean), error, margin);
        return Result(outcome, Sentence(outcome, value, champion, margin, interval, difference.Rows)) with
        {
            Limit = Direction == Direction.LowerIsBetter ? new(null, margin) : new(-margin, null),
            Difference = interval,
            Rows = difference.Rows,
        };
    }

    private static Outcome Decide(long rows, double worsening, double error, double margin)
    {
        if (rows < RowsForABound)
            return new Outcome.Inconclusive(InconclusiveReason.TooFewRows, RowsForABound - rows);
        if (worsening + (OneSided95 * error) <= margin)
            return new Outcome.Pass();
        if (worsening - (OneSided95 * error) > margin)
            return new Outcome.Fail(FailReason.WorseThanChampion);
        return new Outcome.Inconclusive(
            InconclusiveReason.MarginInsideInterval, MoreRowsNeeded(rows, margin - worsening, error));
    }

    // With n rows the bound lies z95 * s / sqrt(n) from the mean, where s = error * sqrt(rows). It clears the margin in
    // 80 of 100 evaluations when n = ((z95 + z80) * s / distance)^2, if the true difference is the one observed. This
    // is the usual sample size of a one-sided test of a mean (S.-C. Chow et al., Sample Size Calculations in Clinical
    // Research, ch. 3).
    private static long? MoreRowsNeeded(long rows, double distance, double error)
    {
        var ratio = (OneSided95 + Power80) * error / distance;
        var needed = Math.Ceiling(rows * ratio * ratio);
        // Null for a difference that is the margin itself, and for counts that only say "never".
        return needed < 1e15 ? (long)needed - rows : null;
    }

    private string Sentence(
        Outcome outcome, double value, double champion, double margin, DifferenceInterval interval, long rows)
    {
        var may = Direction == Direction.LowerIsBetter ? "rise" : "fall";
        var found = $"{Against(value, champion)}, difference {Figures.Number(interval.Mean)} "
            + $"(95 % bounds {Figures.Number(interval.Lower)} and {Figures.Number(interval.Upper)}), "
            + $"may {may} by {Margin.Text(margin)} ({Figures.Count(rows, "row")})";
        return outcome switch
        {
            Outcome.Inconclusive { Reason: InconclusiveReason.TooFewRows, MoreRowsNeeded: { } more } =>
                $"{found}; a bound needs {RowsForABound} rows, evaluate {Figures.Count(more)} more.",
            Outcome.Inconclusive { MoreRowsNeeded: { } more } =>
                $"{found}; about {Figures.Count(more)} more rows would decide.",
            Outcome.Inconclusive => $"{found}; no number of rows would decide.",
            _ => $"{found}.",
        };
    }
}
