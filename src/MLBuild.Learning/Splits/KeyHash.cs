using System.Buffers.Binary;
using System.Security.Cryptography;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Splits;

/// <summary>A number from 0 up to, not including, 1 for each key: what deals rows. Numbers of two purposes tell nothing
/// of each other, also with one seed.</summary>
internal static class KeyHash
{
    /// <param name="purpose">ASCII letters; those of the split are none.</param>
    public static double Of(RowKey key, int seed, ReadOnlySpan<byte> purpose)
    {
        Span<byte> bytes = stackalloc byte[20 + purpose.Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key.Value);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], seed);
        purpose.CopyTo(bytes[20..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        // The top 53 bits, which a double holds exactly.
        return (BinaryPrimitives.ReadUInt64BigEndian(digest) >> 11) * (1.0 / (1UL << 53));
    }
}
