namespace MLBuild.Learning.Features;

/// <summary>Things that happened, as rows tell of them, for features that sum up what was known before a row. Several
/// features can share one: it is held once.</summary>
/// <param name="Name">Names it in the state of the features; unique among histories.</param>
/// <param name="Key">What an event is about, and about what a row asks: the zone of a trip. Null for a row that tells
/// of nothing and asks about nothing.</param>
/// <param name="Value">What is summed up. Null for a row that tells of nothing.</param>
/// <param name="At">When it happened; of a row that asks, the moment of its prediction.</param>
/// <param name="KnownAt">When it had arrived here: the end of a trip, or the time of its ingestion. Null for never.
/// </param>
public sealed record History<TRow>(
    string Name,
    Func<TRow, string?> Key,
    Func<TRow, double?> Value,
    Func<TRow, DateTime> At,
    Func<TRow, DateTime?> KnownAt);

/// <summary>How the events that a row may know are summed up.</summary>
public enum Aggregation
{
    /// <summary>How many there are; 0 where there is none.</summary>
    Count,

    /// <summary>The sum of their values; 0 where there is none.</summary>
    Sum,

    /// <summary>The mean of their values; NaN where there is none.</summary>
    Mean,

    /// <summary>The smallest value; NaN where there is none.</summary>
    Min,

    /// <summary>The largest value; NaN where there is none.</summary>
    Max,
}
