using System.Text.Json;
using System.Text.Json.Serialization;
using MLBuild.Learning.Features;

namespace MLBuild.Stages.Skew;

/// <summary>One row that a server logged.</summary>
/// <param name="Place">The file and the line.</param>
/// <param name="Version">Of the model that computed the features and scored them.</param>
public sealed record ServedRow(string Place, string Key, int Version, IReadOnlyDictionary<string, float> Features)
{
    /// <summary>The features in the order of a schema.</summary>
    /// <exception cref="FormatException">It has others.</exception>
    public float[] Values(FeatureSchema schema) => Features.Keys.SequenceEqual(schema.Names)
        ? [.. Features.Values]
        : throw new FormatException(
            $"{Place}: version {Version} served the features {string.Join(", ", Features.Keys)}, "
            + $"expected {string.Join(", ", schema.Names)}. Compare with a log of this model.");
}

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

    /// <exception cref="FormatException">A line is something else; the message names it.</exception>
    public static IEnumerable<ServedRow> Read(string path)
    {
        using var file = new StreamReader(path);
        var number = 0;
        while (file.ReadLine() is { } line)
        {
            number++;
            // What the last line ends with is known only where there is more, or by its own bytes.
            if (file.EndOfStream && !EndsWithLine(path))
                yield break;
            yield return Parse(line, $"{Path.GetFileName(path)} line {number}");
        }
    }

    private static ServedRow Parse(string line, string place)
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
        return new(place, served.Key, served.Version, served.Features);
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
