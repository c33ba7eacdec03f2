using System.Text;

namespace MLBuild.Store;

/// <summary>A text whose last line is the hash of the rest, so that a reader tells whole from damaged.</summary>
public static class SealedText
{
    /// <summary>"end ", a hash, and the end of the line: as many bytes as characters.</summary>
    internal const int SealLength = 69;

    public static string Seal(string body) => body + SealOf(ContentHash.Of(body));

    /// <summary>The text without its seal, or null if it is damaged.</summary>
    public static string? Open(string text) =>
        text.Length >= SealLength && text[..^SealLength] is var body && text == Seal(body) ? body : null;

    /// <summary>True if bytes are a whole text as UTF-8, with its seal.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> text) => text.Length >= SealLength
        && text[^SealLength..].SequenceEqual(Encoding.UTF8.GetBytes(SealOf(ContentHash.Of(text[..^SealLength]))));

    private static string SealOf(ContentHash body) => $"end {body}\n";
}
