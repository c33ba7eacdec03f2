using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Tests.Gates;

/// <summary>Small evaluations to judge.</summary>
internal static class Evaluations
{
    public static readonly Slice Queens = Slice.Of("borough", "Queens");

    /// <summary>One metric "loss" overall, with a champion.</summary>
    public static GateEvidence Against(double champion, double challenger, PairedDifference? difference = null) =>
        With(ChampionState.Serving, 1000, new MetricEvidence(
            "loss",
            MetricValue.Of(challenger),
            MetricValue.Of(champion),
            difference ?? PairedDifference.Missing("not compared")));

    /// <summary>A paired difference on so many rows; the values themselves do not matter.</summary>
    public static GateEvidence Differing(double mean, double error, long rows = 1000, double champion = 10) =>
        Against(champion, champion + mean, new(rows, MetricValue.Of(mean), MetricValue.Of(error)));

    /// <summary>One metric "loss" overall, of the first model ever.</summary>
    public static GateEvidence First(double challenger) =>
        With(ChampionState.None, 1000, new MetricEvidence("loss", MetricValue.Of(challenger)));

    public static GateEvidence With(ChampionState champion, long rows, params MetricEvidence[] metrics) =>
        new(champion, [new(Slice.Overall, rows, metrics)]);

    /// <summary>The result of one rule, in a gate that has a threshold besides.</summary>
    public static RuleResult Judge(
        this GateRule rule, GateEvidence evidence, NoChampion noChampion = NoChampion.Fails) =>
        new Gate(noChampion, [rule, new Threshold("loss", Slice.Overall, min: -1e9)]).Judge(evidence).Results[0];

    public static Outcome Fail(FailReason reason) => new Outcome.Fail(reason);
}
