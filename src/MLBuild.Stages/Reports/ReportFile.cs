using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLBuild.Stages.Reports;

/// <summary>Reports as JSON files: indented for people, the same bytes for the same values. A number that is not finite
/// is an error: a report says in words why something could not be measured.</summary>
public static class ReportFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
        // A report of another version of this code is refused, not read as one full of nulls and zeros.
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static void Write<TReport>(string path, TReport report) =>
        File.WriteAllText(path, Text(report));

    /// <summary>What <see cref="Write"/> writes.</summary>
    public static string Text<TReport>(TReport report) => JsonSerializer.Serialize(report, Json) + "\n";

    /// <exception cref="FormatException">The file is not such a report.</exception>
    public static TReport Read<TReport>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TReport>(File.ReadAllText(path), Json)
                ?? throw new FormatException($"'{path}' holds no {typeof(TReport).Name}.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"'{path}' is not a {typeof(TReport).Name}: {e.Message}", e);
        }
    }
}
