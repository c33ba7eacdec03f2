using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Drift;

/// <summary>The profile of a feature of categories. Its bins are, in this order: each kept category, other
/// (categories too rare to be kept, or new), null.</summary>
public sealed record CategoricalProfile : FeatureProfile
{
    /// <summary>The kept categories, the most frequent first, equally frequent ones in ordinal order.</summary>
    public required ImmutableArray<string> Categories { get; init; }

    /// <summary>The texts that categories stand for which are codes, by code; every other text has the code behind the
    /// last. Empty where categories are their own names, and in profiles from before codes had texts.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    [JsonIgnore]
    public override int BinCount => Categories.Length + 2;

    public override string BinLabel(int bin) => (BinCount - bin) switch
    {
        1 => "null",
        2 => BinCounts[bin] == 0 ? "new categories" : "other categories",
        _ => LabelOf(Categories[bin]),
    };

    /// <summary>A category for people: <c>'Queens'</c>, also where it is the code of that.</summary>
    public string LabelOf(string category) =>
        Values.IsEmpty || !int.TryParse(category, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            || code > Values.Length ? ValueText.Quoted(category)
        : code == Values.Length ? "any other text"
        : ValueText.Quoted(Values[code]);

    public override BinCounter NewCounter() => new CategoricalBinCounter(this);

    internal static Dictionary<string, int> BinsByName(IEnumerable<string> categories) => categories
        .Select((category, bin) => (category, bin))
        .ToDictionary(pair => pair.category, pair => pair.bin, StringComparer.Ordinal);

    internal static int BinOf(string? category, Dictionary<string, int> binsByName) =>
        category is null ? binsByName.Count + 1 : binsByName.GetValueOrDefault(category, binsByName.Count);
}
