using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Gates;

/// <summary>Whom a challenger is compared with, on the same rows.</summary>
public enum Rival
{
    /// <summary>The model that serves now.</summary>
    Champion,

    /// <summary>Of all models that served, the one that is best on these rows. Each loss to a champion may be small
    /// enough to pass; compared with the best, small losses add up.</summary>
    BestEver,
}

internal static class Rivals
{
    /// <summary>"the champion", as sentences say it.</summary>
    public static string Noun(this Rival rival) => rival == Rival.Champion ? "the champion" : "the best version ever";

    public static ChampionState State(this Rival rival, GateEvidence evidence) =>
        rival == Rival.Champion ? evidence.Champion : evidence.BestEver;

    public static (MetricValue Value, PairedDifference Difference) Measured(this Rival rival, MetricEvidence metric) =>
        rival == Rival.Champion
            ? (metric.Champion, metric.Difference)
            : (metric.BestEver.Value, metric.BestEver.Difference);
}
