using System.Text.Json;
using System.Text.Json.Serialization;
using MLBuild.Learning.Features;

namespace MLBuild.Stages.Skew;

/// <summary>One row that a server logged.</summary>
/// <param name="Values">In the order of the schema that was asked for.</param>
public sealed record ServedRow(string Key, int Version, float[] Values);

/// <summary>Reads what a server wrote with <c>--feature-log</c>: JSON lines. A line without an end, which the server
/// was writing, is left out.</summary>
public static class ServedFeatures
{
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <exception cref="FormatException">A line is something else, or has other features; the message names it.
    /// </exception>
    public static IEnumerable<ServedRow> Read(string path, FeatureSchema schema)
    {
        var names = schema.Names.ToArray();
        using var file = new StreamReader(path);
        var number = 0;
        while (file.ReadLine() is { } line)
        {
            number++;
            // What the last line ends with is known only where there is more, or by its own bytes.
            if (file.EndOfStream && !EndsWithLine(path))
                yield break;
            yield return Parse(line, names, $"{Path.GetFileName(path)} line {number}");
        }
    }

    private static ServedRow Parse(string line, string[] names, string place)
    {
        Line served;
        try
        {
            served = JsonSerializer.Deserialize<Line>(line, Json)
                ?? throw new FormatException($"{place}: no served row, expected one with key, version and features.");
        }
        catch (JsonException e)
        {
            throw new FormatException(
                $"{place}: no served row, expected one with key, version and features: {e.Message}", e);
        }
        if (!served.Features.Keys.SequenceEqual(names))
            throw new FormatException(
                $"{place}: version {served.Version} served the features {string.Join(", ", served.Features.Keys)}, "
                + $"expected {string.Join(", ", names)}. Compare with the training rows of that version.");
        return new(served.Key, served.Version, [.. served.Features.Values]);
    }

    private static bool EndsWithLine(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length == 0)
            return true;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }

    private sealed record Line(
        [property: JsonPropertyName("key")] string Key,
        [property: JsonPropertyName("version")] int Version,
        [property: JsonPropertyName("features")] Dictionary<string, float> Features);
}
