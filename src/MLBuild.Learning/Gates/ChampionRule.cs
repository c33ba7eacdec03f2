using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Gates;

/// <summary>A rule that compares the challenger with the champion. Where there is no champion, the gate's choice
/// decides; where there is one that was not measured or cannot be compared with, the rule fails.</summary>
public abstract record ChampionRule : MetricRule
{
    private protected ChampionRule(string metric, Slice slice, Direction direction)
        : base(metric, slice) => Direction = direction;

    public Direction Direction { get; }

    private protected sealed override RuleResult Judge(
        double value, long rows, MetricEvidence metric, ChampionState state, NoChampion noChampion) =>
        (state, noChampion, metric.Champion) switch
        {
            (ChampionState.Absent, NoChampion.PassesOnThresholds, _) =>
                Result(new Outcome.Pass(), $"{Subject} has no champion to compare with: thresholds decide."),
            (ChampionState.Absent, _, _) =>
                NotJudged(FailReason.NoChampion, "there is no champion, and this gate wants one"),
            (ChampionState.Incomparable { Reason: var reason, Why: var why }, _, _) =>
                NotJudged(reason, $"the champion cannot be compared with: {why}"),
            (_, _, MetricValue.Value { Number: var champion }) =>
                Compare(value, rows, champion, metric.Difference) with { Champion = champion },
            _ => NotJudged(FailReason.ChampionNotMeasured, $"the champion's value is {metric.Champion}"),
        };

    /// <summary>Judges the challenger's value against the champion's. The caller adds both to the result.</summary>
    private protected abstract RuleResult Compare(
        double value, long rows, double champion, PairedDifference difference);

    /// <summary>"rmse overall: 5.3 against the champion's 5.5".</summary>
    private protected string Against(double value, double champion) =>
        $"{Subject}: {Figures.Number(value)} against the champion's {Figures.Number(champion)}";

    private protected RuleResult BeyondDouble() =>
        NotJudged(FailReason.ChampionNotMeasured, "the numbers are too large to compare");
}
