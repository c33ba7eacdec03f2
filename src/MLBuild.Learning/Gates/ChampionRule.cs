using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Gates;

/// <summary>A rule that compares the challenger with the champion, or with the best version ever. Where there is none,
/// the gate's choice decides; where there is one that was not measured or cannot be compared with, the rule
/// fails.</summary>
public abstract record ChampionRule : MetricRule
{
    private protected ChampionRule(string metric, Slice slice, Direction direction, Rival rival)
        : base(metric, slice) => (Direction, Rival) = (direction, rival);

    public Direction Direction { get; }

    public Rival Rival { get; }

    private protected sealed override RuleResult Judge(
        double value, long rows, MetricEvidence metric, GateEvidence evidence, NoChampion noChampion)
    {
        var (measured, difference) = Rival.Measured(metric);
        return (Rival.State(evidence), noChampion, measured) switch
        {
            (ChampionState.Absent, NoChampion.PassesOnThresholds, _) =>
                Result(new Outcome.Pass(), $"{Subject} has {None} to compare with: thresholds decide."),
            (ChampionState.Absent, _, _) =>
                NotJudged(FailReason.NoChampion, $"there is {None}, and this gate wants one"),
            (ChampionState.Incomparable { Reason: var reason, Why: var why }, _, _) =>
                NotJudged(reason, $"{Rival.Noun()} cannot be compared with: {why}"),
            (_, _, MetricValue.Value { Number: var champion }) =>
                Compare(value, rows, champion, difference) with { Champion = champion },
            _ => NotJudged(FailReason.ChampionNotMeasured, $"{Rival.Noun()}'s value is {measured}"),
        };
    }

    /// <summary>Judges the challenger's value against the champion's. The caller adds both to the result.</summary>
    private protected abstract RuleResult Compare(
        double value, long rows, double champion, PairedDifference difference);

    private string None => Rival == Rival.Champion ? "no champion" : "no version before it";

    /// <summary>"rmse overall: 5.3 against the champion's 5.5".</summary>
    private protected string Against(double value, double champion) =>
        $"{Subject}: {Figures.Number(value)} against {Rival.Noun()}'s {Figures.Number(champion)}";

    private protected RuleResult BeyondDouble() =>
        NotJudged(FailReason.ChampionNotMeasured, "the numbers are too large to compare");
}
