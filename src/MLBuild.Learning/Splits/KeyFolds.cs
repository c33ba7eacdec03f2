using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Splits;

/// <summary>Deals training rows into folds for cross-validation by a hash of their key. A row's fold depends on its
/// key, the number of folds and the seed alone, and tells nothing of the side that <see cref="KeySplit"/> gave it.
/// </summary>
public sealed record KeyFolds
{
    /// <summary>The number of folds, of about equally many keys. 2 to 100, default 5.</summary>
    public int Count { get; init; } = 5;

    /// <summary>Another seed deals the rows anew. Default 1.</summary>
    public int FoldSeed { get; init; } = 1;

    /// <exception cref="ArgumentException">The number of folds is out of its range.</exception>
    public void Validate()
    {
        if (Count is < 2 or > 100)
            throw new ArgumentException(FormattableString.Invariant(
                $"The sweep has {Count} folds, expected 2 to 100. To train each point once, score one fold of them."));
    }

    /// <summary>From 0 up to, not including, <see cref="Count"/>.</summary>
    public int Of(RowKey key) => (int)(KeyHash.Of(key, FoldSeed, "fold"u8) * Count);
}
