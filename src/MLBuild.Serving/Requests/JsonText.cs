using System.Text;
using System.Text.Json;
using MLBuild.Learning.Contracts;

namespace MLBuild.Serving.Requests;

/// <summary>Texts in JSON, which can hold what is no text: half of a surrogate pair, as <c>\ud800</c>.</summary>
internal static class JsonText
{
    private const int MostShown = 40;

    /// <summary>Reads a text or a name.</summary>
    public static bool TryGet(ref Utf8JsonReader reader, out string text)
    {
        try
        {
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    /// <summary>Copies a text to <paramref name="into"/>.</summary>
    /// <returns>The characters, or -1 where it is longer or is no text.</returns>
    public static int TryCopy(ref Utf8JsonReader reader, scoped Span<char> into)
    {
        // A byte is one character at most.
        if (reader.ValueSpan.Length > into.Length)
            return -1;
        try
        {
            return reader.CopyString(into);
        }
        catch (InvalidOperationException)
        {
            return -1;
        }
    }

    /// <summary>A value as it was sent, cut where it is long.</summary>
    public static string Shown(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => Cut($"\"{Encoding.UTF8.GetString(reader.ValueSpan)}\""),
        _ => Cut(Encoding.UTF8.GetString(reader.ValueSpan)),
    };

    /// <summary>A text of a request in one of ours, with what nothing shows written out.</summary>
    public static string Cut(string text) => ValueText.Seen(text, MostShown);
}
