using System.Collections.Immutable;

namespace MLBuild.Learning.Drift;

/// <summary>Builds the profile of a feature of categories from a stream, in bounded memory. Counts of rows and nulls
/// are of all rows; categories and bin counts of a deterministic sample once there are more rows than fit.</summary>
public sealed class CategoricalProfileBuilder
{
    private readonly string _name;
    private readonly FeatureRole _role;
    private readonly ProfileOptions _options;
    private readonly RowSample<string?> _sample;
    private long _rowCount;
    private long _nullCount;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public CategoricalProfileBuilder(string name, FeatureRole role, ProfileOptions options)
    {
        options.Validate();
        _name = name;
        _role = role;
        _options = options;
        _sample = new(options.SampleRows);
    }

    /// <summary>As of <see cref="CategoricalProfile.Values"/>.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <param name="category">The value; an empty text is a category, null is none.</param>
    public void Add(string? category)
    {
        _sample.Add(category);
        _rowCount++;
        if (category is null)
            _nullCount++;
    }

    /// <summary>The profile of the rows added so far.</summary>
    public CategoricalProfile Build()
    {
        string[] categories =
        [
            .. _sample.ToChooseBins.OfType<string>().CountBy(category => category, StringComparer.Ordinal)
                .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Take(_options.MaxCategories).Select(pair => pair.Key),
        ];
        var binOf = CategoricalProfile.BinsByName(categories);
        var counts = new long[categories.Length + 2];
        foreach (var category in _sample.ToCount)
            counts[CategoricalProfile.BinOf(category, binOf)]++;
        return new()
        {
            Name = _name,
            Role = _role,
            RowCount = _rowCount,
            NullCount = _nullCount,
            Categories = [.. categories],
            Values = Values,
            BinCounts = [.. counts],
        };
    }
}
