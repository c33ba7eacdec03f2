using System.Buffers.Binary;
using System.Security.Cryptography;
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

    public bool IsHeldOut(RowKey key)
    {
        Span<byte> bytes = stackalloc byte[20];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key.Value);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], SplitSeed);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        // The top 53 bits, which a double holds exactly, as a number from 0 to 1.
        return (BinaryPrimitives.ReadUInt64BigEndian(digest) >> 11) * (1.0 / (1UL << 53)) < HoldOutShare;
    }
}
