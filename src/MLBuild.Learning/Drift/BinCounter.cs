using System.Collections.Immutable;

namespace MLBuild.Learning.Drift;

/// <summary>Counts later values of a feature in the bins of its reference profile.</summary>
public abstract class BinCounter
{
    private readonly long[] _counts;

    private protected BinCounter(FeatureProfile reference)
    {
        if (reference.BinCounts.Length != reference.BinCount)
            throw new ArgumentException(
                $"The profile of '{reference.Name}' counts {reference.BinCounts.Length} bins and describes "
                + $"{reference.BinCount}. It was changed by hand or damaged; build it again from the training data.");
        Reference = reference;
        _counts = new long[reference.BinCount];
    }

    public FeatureProfile Reference { get; }

    /// <summary>The reference rows that stand behind the bins: n.</summary>
    public long ReferenceRows => Reference.BinCounts.Sum();

    /// <summary>The rows counted so far: m.</summary>
    public long CurrentRows { get; private set; }

    /// <summary>Rows in each bin, in the order of <see cref="FeatureProfile.BinCounts"/>.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>What was counted so far.</summary>
    public FeatureTally ToTally() => new(Reference.Name, [.. _counts], Grid, Others);

    /// <summary>Counts what was counted elsewhere.</summary>
    /// <exception cref="ArgumentException">It was counted by another profile.</exception>
    public void Add(FeatureTally tally)
    {
        if (tally.Feature != Reference.Name || tally.Counts.Length != _counts.Length || !Fits(tally))
            throw new ArgumentException(
                $"BUG: rows of '{tally.Feature}' in {tally.Counts.Length} bins do not add to '{Reference.Name}' in "
                + $"{_counts.Length}.");
        for (var bin = 0; bin < _counts.Length; bin++)
        {
            _counts[bin] += tally.Counts[bin];
            CurrentRows += tally.Counts[bin];
        }
        AddMore(tally);
    }

    private protected abstract ImmutableArray<long> Grid { get; }

    private protected abstract ImmutableArray<CategoryCount> Others { get; }

    private protected abstract bool Fits(FeatureTally tally);

    private protected abstract void AddMore(FeatureTally tally);

    private protected void Count(int bin)
    {
        _counts[bin]++;
        CurrentRows++;
    }
}

/// <summary>Counts numbers in the bins of a <see cref="NumericProfile"/>, and in the cells of its grid.</summary>
public sealed class NumericBinCounter(NumericProfile reference) : BinCounter(reference)
{
    private readonly long[] _grid = new long[reference.GridCounts.Length];
    private readonly FrequentWords _words = new();

    public NumericProfile Profile => reference;

    /// <summary>Rows in each cell, in the order of <see cref="NumericProfile.GridCounts"/>; none where the profile has
    /// no grid.</summary>
    public ReadOnlySpan<long> GridCounts => _grid;

    public void Add(double? value)
    {
        Count(reference.BinOf(value));
        if (_grid.Length > 0 && value is { } number && double.IsFinite(number))
            _grid[NumericProfile.BinOf(number, reference.GridEdges)]++;
    }

    /// <summary>Counts a row that has the word, which is one of those that count in the feature.</summary>
    public void AddWord(string word) => _words.Add(word);

    private protected override ImmutableArray<long> Grid => [.. _grid];

    private protected override ImmutableArray<CategoryCount> Others => _words.Most;

    private protected override bool Fits(FeatureTally tally) => tally.Grid.Length == _grid.Length;

    private protected override void AddMore(FeatureTally tally)
    {
        for (var cell = 0; cell < _grid.Length; cell++)
            _grid[cell] += tally.Grid[cell];
        foreach (var word in tally.Others)
            _words.Add(word.Category, word.Rows);
    }
}

/// <summary>Counts categories in the bins of a <see cref="CategoricalProfile"/>, and names those that it does not
/// keep.</summary>
public sealed class CategoricalBinCounter(CategoricalProfile reference) : BinCounter(reference)
{
    /// <summary>Most names of categories that are kept beside those of the profile; rows of more are only
    /// counted.</summary>
    private const int MostOthers = 1_000;

    private readonly Dictionary<string, int> _binsByName = CategoricalProfile.BinsByName(reference.Categories);
    private readonly Dictionary<string, long> _others = new(StringComparer.Ordinal);

    /// <param name="category">The value; an empty text is a category, null is none.</param>
    public void Add(string? category)
    {
        Count(CategoricalProfile.BinOf(category, _binsByName));
        if (category is not null && !_binsByName.ContainsKey(category))
            AddOther(category, 1);
    }

    private protected override ImmutableArray<long> Grid => [];

    private protected override ImmutableArray<CategoryCount> Others =>
    [
        .. _others.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new CategoryCount(pair.Key, pair.Value)),
    ];

    private protected override bool Fits(FeatureTally tally) => tally.Grid.IsEmpty;

    private protected override void AddMore(FeatureTally tally)
    {
        foreach (var other in tally.Others)
            AddOther(other.Category, other.Rows);
    }

    private void AddOther(string category, long rows)
    {
        if (_others.ContainsKey(category) || _others.Count < MostOthers)
            _others[category] = _others.GetValueOrDefault(category) + rows;
    }
}
