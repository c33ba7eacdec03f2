using System.Text.Json;
using MLBuild.Learning.Contracts;

namespace MLBuild.Stages.Tables;

/// <summary>The first lines of a file of JSON objects.</summary>
internal static class JsonSample
{
    private const int MostBytes = 1 << 24;

    public static bool IsBlank(ReadOnlySpan<byte> line) => !line.ContainsAnyExcept(" \t"u8);

    /// <summary>Reads one line, however deep its values are nested: each level takes a byte of it.</summary>
    public static Utf8JsonReader Reader(ReadOnlySpan<byte> line) => new(line, new() { MaxDepth = line.Length + 1 });

    /// <summary>The names of the properties in the first lines, in the order in which they come.</summary>
    /// <param name="lines">Is closed.</param>
    /// <exception cref="TableException">None of these lines is an object, and they are the first of the
    /// file.</exception>
    public static IReadOnlyList<string> ColumnsOf(TextFile text, LineReader lines, int most)
    {
        using var _ = lines;
        var names = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var hasObject = false;
        string? firstLine = null;
        var bytes = 0L;
        for (var i = 0; i < most && bytes < MostBytes && lines.Read(); i++)
        {
            bytes += lines.Line.Length;
            if (IsBlank(lines.Line))
                continue;
            firstLine ??= RowFault.Shorten(lines.Line);
            if (NamesIn(lines.Line) is not { } own)
                continue;
            hasObject = true;
            names.AddRange(own.Where(known.Add));
        }
        if (hasObject || text.IsContinued)
            return names;
        if (firstLine is null)
            throw new TableException($"'{text.Name}' has only empty lines: expected one JSON object a line.");
        throw new TableException(
            $"'{text.Name}' has no JSON object in its first lines: expected one a line. The first is "
            + $"{ValueText.Quoted(firstLine)}."
            + (firstLine.StartsWith('[') ? " Is it one array? Convert it: jq -c '.[]'."
                : firstLine.StartsWith('{') ? " Is it one object over several lines? Convert it: jq -c ."
                : ""));
    }

    private static List<string>? NamesIn(ReadOnlySpan<byte> line)
    {
        try
        {
            var names = new List<string>();
            var reader = Reader(line);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                names.Add(reader.GetString()!);
                reader.Read();
                reader.Skip();
            }
            reader.Read();
            return names;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
