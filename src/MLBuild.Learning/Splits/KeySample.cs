using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Splits;

/// <summary>A part of the rows, taken by a hash of their key. Whether a row is in it depends on its key, the share and
/// the seed alone; a larger share only adds rows.</summary>
public sealed record KeySample
{
    /// <summary>The part of the keys that is taken. Above 0, up to 1; default 1, which takes all.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Another seed takes other keys. Default 1.</summary>
    public int SampleSeed { get; init; } = 1;

    /// <exception cref="ArgumentException">The share is out of its range.</exception>
    public void Validate()
    {
        if (!(Share is > 0 and <= 1))
            throw new ArgumentException(FormattableString.Invariant(
                $"The sweep learns from a share of {Share} of the training rows, expected above 0, up to 1."));
    }

    public bool Has(RowKey key) => KeyHash.Of(key, SampleSeed, "sample"u8) < Share;
}
