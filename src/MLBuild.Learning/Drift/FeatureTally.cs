using System.Collections.Immutable;

namespace MLBuild.Learning.Drift;

/// <summary>What was counted of a feature in a part of the current rows; those of several parts add up in a
/// <see cref="BinCounter"/>. It does not grow with rows.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Counts">Rows in each bin of the profile.</param>
/// <param name="Grid">Rows in each cell of the profile's grid; none for categories.</param>
/// <param name="Others">Categories that the profile does not keep, or the words that count in a slot of them, the most
/// frequent first.</param>
public sealed record FeatureTally(
    string Feature, ImmutableArray<long> Counts, ImmutableArray<long> Grid, ImmutableArray<CategoryCount> Others);

/// <summary>A category and its rows.</summary>
public sealed record CategoryCount(string Category, long Rows);
