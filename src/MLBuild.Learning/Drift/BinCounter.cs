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

    private protected void Count(int bin)
    {
        _counts[bin]++;
        CurrentRows++;
    }
}

/// <summary>Counts numbers in the bins of a <see cref="NumericProfile"/>.</summary>
public sealed class NumericBinCounter(NumericProfile reference) : BinCounter(reference)
{
    public void Add(double? value) => Count(reference.BinOf(value));
}

/// <summary>Counts categories in the bins of a <see cref="CategoricalProfile"/>.</summary>
public sealed class CategoricalBinCounter(CategoricalProfile reference) : BinCounter(reference)
{
    private readonly Dictionary<string, int> _binsByName = CategoricalProfile.BinsByName(reference.Categories);

    /// <param name="category">The value; an empty text is a category, null is none.</param>
    public void Add(string? category) => Count(CategoricalProfile.BinOf(category, _binsByName));
}
