using System.IO.Compression;

namespace MLBuild.Sources.Http;

/// <summary>What a server compressed with, and how it is undone. The framework would take the length of the answer away
/// together with its compression.</summary>
internal static class ContentEncodings
{
    /// <summary>The header <c>Accept-Encoding</c> of who takes bytes only as they are: a part of compressed ones is of
    /// no use, and another compression has another tag.</summary>
    public const string Identity = "identity";

    /// <summary>That of who has it undone.</summary>
    public const string Any = "gzip, br, deflate";

    /// <summary>Empty where bytes are as they are.</summary>
    public static string Of(HttpResponseMessage response) =>
        string.Join(',', response.Content.Headers.ContentEncoding.Where(encoding => encoding != Identity));

    /// <param name="what">What it is, as messages call it.</param>
    /// <exception cref="SourceSchemaException">There is no way to undo it.</exception>
    public static Stream Undone(Stream stream, string encoding, string what) => encoding.ToLowerInvariant() switch
    {
        "" => stream,
        "gzip" or "x-gzip" => new GZipStream(stream, CompressionMode.Decompress),
        "br" => new BrotliStream(stream, CompressionMode.Decompress),
        "deflate" => new ZLibStream(stream, CompressionMode.Decompress),
        _ => throw new SourceSchemaException($"{what} is compressed as '{encoding}', which was not asked for, " +
            "expected gzip, br or deflate. Ask the owner of the server."),
    };
}
