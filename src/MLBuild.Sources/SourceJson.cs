using System.Text.Json;

namespace MLBuild.Sources;

/// <summary>How JSON of a source is read, whatever source it is.</summary>
internal static class SourceJson
{
    private const int MaxDepth = 256;

    public static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };
}
