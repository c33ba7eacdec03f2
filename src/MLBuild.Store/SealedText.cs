namespace MLBuild.Store;

/// <summary>A text whose last line is the hash of the rest, so that a reader tells whole from damaged.</summary>
public static class SealedText
{
    private const int SealLength = 69;

    public static string Seal(string body) => $"{body}end {ContentHash.Of(body)}\n";

    /// <summary>The text without its seal, or null if it is damaged.</summary>
    public static string? Open(string text) =>
        text.Length >= SealLength && text[..^SealLength] is var body && text == Seal(body) ? body : null;
}
