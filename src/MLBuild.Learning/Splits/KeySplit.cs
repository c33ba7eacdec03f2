using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Splits;

/// <summary>Divides rows into training and hold-out by a hash of their key. A row's side depends on its key, the share
/// and the seed alone: not on the other rows, their number or their order, so yesterday's training row is never
/// tomorrow's hold-out row.</summary>
public sealed record KeySplit
{
    /// <summary>The part of the rows that is held out. Above 0, below 1; default 0.2.</summary>
    public double HoldOutShare { get; init; } = 0.2;

    /// <summary>Another seed deals the rows anew. Models of different seeds cannot be compared on one hold-out. Default
    /// 1.</summary>
    public int SplitSeed { get; init; } = 1;

    /// <exception cref="ArgumentException">The share is out of its range.</exception>
    public void Validate()
    {
        if (!(HoldOutShare is > 0 and < 1))
            throw new ArgumentException(
                FormattableString.Invariant($"HoldOutShare is {HoldOutShare}, expected above 0 and below 1."));
    }

    public bool IsHeldOut(RowKey key) => KeyHash.Of(key, SplitSeed, purpose: []) < HoldOutShare;
}
