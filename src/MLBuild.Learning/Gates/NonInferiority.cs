using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Gates;

/// <summary>The challenger must not be worse than its rival by more than a margin, with one-sided 95 % confidence.
/// The bound on the paired mean difference decides: at or below the margin it passes; where even the opposite bound is
/// above, it fails; between them it is inconclusive. Every rule of a gate must pass, so testing many slices does not
/// make a wrong pass more likely than 5 % and needs no correction (R. L. Berger, Multiparameter hypothesis testing and
/// acceptance sampling, 1982).</summary>
public sealed record NonInferiority : ChampionRule
{
    /// <summary>Below this many rows the normal distribution does not describe a mean.</summary>
    public const int RowsForABound = OneSidedTest.LeastRows;

    /// <param name="metric">A mean over rows, such as squared error, with a <see cref="PairedDifference"/>.</param>
    /// <param name="slice">The rows to compare on.</param>
    /// <param name="margin">How much worse the challenger may be.</param>
    /// <param name="direction">Which values are good.</param>
    /// <param name="rival">Whom it is compared with.</param>
    public NonInferiority(
        string metric, Slice slice, Margin margin, Direction direction = Direction.LowerIsBetter,
        Rival rival = Rival.Champion)
        : base(metric, slice, direction, rival) => Margin = margin;

    public Margin Margin { get; }

    private protected override RuleKind Kind =>
        Rival == Rival.Champion ? RuleKind.NonInferiority : RuleKind.NotWorseThanBestEver;

    private protected override RuleResult Compare(
        double value, long rows, double champion, PairedDifference difference)
    {
        if (difference.Mean is not MetricValue.Value { Number: var mean })
            return NotJudged(FailReason.ChampionNotMeasured, $"the difference to {Rival.Noun()} is {difference.Mean}");
        if (difference.StandardError is not MetricValue.Value { Number: >= 0 and var error })
            return NotJudged(
                FailReason.ChampionNotMeasured,
                $"the standard error of the difference to {Rival.Noun()} is {difference.StandardError}");
        if (difference.Rows <= 0)
            return NotJudged(FailReason.ChampionNotMeasured, $"no rows were compared with {Rival.Noun()}'s");

        var margin = Margin.Of(champion);
        var interval = OneSidedTest.Interval(mean, error);
        if (!double.IsFinite(margin) || !double.IsFinite(interval.Lower) || !double.IsFinite(interval.Upper))
            return BeyondDouble();
        if (!Agreement.Between(mean, value - champion, scale: Math.Max(Math.Abs(value), Math.Abs(champion))))
            return NotJudged(
                FailReason.MeasurementsDisagree,
                $"the values {Figures.Number(value)} and {Figures.Number(champion)} of challenger and "
                + $"{(Rival == Rival.Champion ? "champion" : "best version ever")} differ by "
                + $"{Figures.Number(value - champion)}, row by row by {Figures.Number(mean)}; "
                + "measure all of them on the same rows in the same unit");

        var outcome = OneSidedTest.Decide(
            difference.Rows, Direction.Worsening(mean), error, margin,
            Rival == Rival.Champion ? FailReason.WorseThanChampion : FailReason.WorseThanBestEver);
        return Result(outcome, Sentence(outcome, value, champion, margin, interval, difference.Rows)) with
        {
            Limit = Direction == Direction.LowerIsBetter ? new(null, margin) : new(-margin, null),
            Difference = interval,
            Rows = difference.Rows,
        };
    }

    private string Sentence(
        Outcome outcome, double value, double champion, double margin, DifferenceInterval interval, long rows)
    {
        var may = Direction == Direction.LowerIsBetter ? "rise" : "fall";
        return $"{Against(value, champion)}, difference {Figures.Number(interval.Mean)} "
            + $"(95 % bounds {Figures.Number(interval.Lower)} and {Figures.Number(interval.Upper)}), "
            + $"may {may} by {Margin.Text(margin, Rival)} ({Figures.Count(rows, "row")}){OneSidedTest.WayOut(outcome)}";
    }
}
