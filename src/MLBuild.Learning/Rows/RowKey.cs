using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MLBuild.Learning.Rows;

/// <summary>What makes a row the same row when it is seen again: 128 bits of the SHA-256 of a text that names it. Two
/// rows of 2^50 share a key with a chance of one in 2^29.</summary>
public readonly record struct RowKey(UInt128 Value)
{
    /// <param name="text">The identifying values, in a text that is the same in every culture.</param>
    public static RowKey Of(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return new(BinaryPrimitives.ReadUInt128BigEndian(digest));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out RowKey key)
    {
        var isKey = UInt128.TryParse(
            text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && text.Length == 32;
        key = new(value);
        return isKey;
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", null);
}
