using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace MLBuild.Store;

/// <summary>The SHA-256 of some bytes, which is also their name in a store: what <c>sha256sum</c> prints.</summary>
/// <remarks>A class, because collections of a struct would be compiled anew at each start.</remarks>
public sealed record ContentHash : IComparable<ContentHash>
{
    private ContentHash(string hex) => Hex = hex;

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Hex { get; }

    /// <summary>The first eight digits, for people. Never a key.</summary>
    public string Short => Hex[..8];

    /// <summary>Hashes bytes that are already in memory.</summary>
    public static ContentHash Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes)));

    /// <summary>Hashes a text as UTF-8 without a byte order mark.</summary>
    public static ContentHash Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Takes the digest of an <see cref="IncrementalHash"/> that was created for SHA-256.</summary>
    public static ContentHash FromDigest(ReadOnlySpan<byte> digest) =>
        digest.Length == SHA256.HashSizeInBytes
            ? new(Convert.ToHexStringLower(digest))
            : throw new ArgumentException($"BUG: a SHA-256 digest has 32 bytes, this one has {digest.Length}.");

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static ContentHash Parse(string text) =>
        TryParse(text, out var hash)
            ? hash
            : throw new FormatException($"'{text}' is not a content hash: expected 64 hexadecimal digits.");

    public static bool TryParse(string? text, [NotNullWhen(true)] out ContentHash? hash)
    {
        hash = null;
        if (text is not { Length: 64 })
            return false;
        foreach (var c in text)
            if (!char.IsAsciiHexDigit(c))
                return false;
        hash = new(text.ToLowerInvariant());
        return true;
    }

    public int CompareTo(ContentHash? other) => string.CompareOrdinal(Hex, other?.Hex);

    public override string ToString() => Hex;
}
