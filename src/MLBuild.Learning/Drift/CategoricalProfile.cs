using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MLBuild.Learning.Drift;

/// <summary>The profile of a feature of categories. Its bins are, in this order: each kept category, other
/// (categories too rare to be kept, or new), null.</summary>
public sealed record CategoricalProfile : FeatureProfile
{
    /// <summary>The kept categories, the most frequent first, equally frequent ones in ordinal order.</summary>
    public required ImmutableArray<string> Categories { get; init; }

    [JsonIgnore]
    public override int BinCount => Categories.Length + 2;

    public override string BinLabel(int bin) => (BinCount - bin) switch
    {
        1 => "null",
        2 => BinCounts[bin] == 0 ? "new categories" : "other categories",
        _ => $"'{Categories[bin]}'",
    };

    public override BinCounter NewCounter() => new CategoricalBinCounter(this);

    internal static Dictionary<string, int> BinsByName(IEnumerable<string> categories) => categories
        .Select((category, bin) => (category, bin))
        .ToDictionary(pair => pair.category, pair => pair.bin, StringComparer.Ordinal);

    internal static int BinOf(string? category, Dictionary<string, int> binsByName) =>
        category is null ? binsByName.Count + 1 : binsByName.GetValueOrDefault(category, binsByName.Count);
}
