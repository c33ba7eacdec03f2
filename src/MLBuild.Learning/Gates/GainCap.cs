using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Gates;

/// <summary>The challenger must not be better than the champion by more than is believable: a sudden large gain is most
/// often a label that leaked into the features, or an evaluation on training rows.</summary>
public sealed record GainCap : ChampionRule
{
    /// <param name="metric">Any metric, also one that is no mean over rows.</param>
    /// <param name="slice">The rows to compare on.</param>
    /// <param name="max">The largest believable gain as a share of the champion's size: 0.3 is 30 %. An error cannot
    /// fall by more than all of itself: from 1 on, a cap on one allows everything.</param>
    /// <param name="direction">Which values are good.</param>
    /// <exception cref="ArgumentException"><paramref name="max"/> is not above 0 and finite.</exception>
    public GainCap(string metric, Slice slice, double max, Direction direction = Direction.LowerIsBetter)
        : base(metric, slice, direction, Rival.Champion) => Max = max > 0 && double.IsFinite(max)
            ? max
            : throw new ArgumentException(FormattableString.Invariant(
                $"The gain cap on {Subject} is {max}, which forbids every gain. Give a share above 0, such as 0.3."));

    public double Max { get; }

    private protected override RuleKind Kind => RuleKind.GainCap;

    private protected override RuleResult Compare(
        double value, long rows, double champion, PairedDifference difference)
    {
        var gain = -Direction.Worsening(value - champion);
        // Of the champion's size, and no division: a negative champion does not turn the cap round, and from a champion
        // at 0 every gain is beyond any share.
        var cap = Max * Math.Abs(champion);
        if (!double.IsFinite(gain) || !double.IsFinite(cap))
            return BeyondDouble();
        var limit = $"{Figures.Percent(Max)}{(champion == 0 ? " of 0" : "")} ({Figures.Count(rows, "row")})";
        var (outcome, sentence) = gain <= cap
            ? ((Outcome)new Outcome.Pass(), $"{Against(value, champion)}, no gain beyond {limit}.")
            : (new Outcome.Fail(FailReason.SuspiciousGain),
                $"{Against(value, champion)}, a gain beyond {limit}; look for the label among the features.");
        return Result(outcome, sentence) with
        {
            Limit = Direction == Direction.LowerIsBetter ? new(-cap, null) : new(null, cap),
        };
    }
}
