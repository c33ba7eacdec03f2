using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>The answer to what a person asked: lines to read, and the same as data for programs, which goes to a file,
/// as a build says other things too.</summary>
/// <param name="What">The sentence that says where it went begins so: <c>sales version 1: its lineage is</c>.</param>
/// <param name="Data">Becomes JSON by the names of its properties, which stay as they are.</param>
public sealed record Answer(string What, object Data, Func<IEnumerable<string>> Lines)
{
    private static JsonSerializerOptions Json => new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>It as a picture; null where there is none.</summary>
    public Func<string>? Svg { get; init; }

    /// <summary>It in other forms, by what the name of a file ends with: <c>.mmd</c>.</summary>
    public IReadOnlyDictionary<string, Func<string>> Texts { get; init; } = new Dictionary<string, Func<string>>();

    /// <summary>Gives it in the form that the name of a file asks for.</summary>
    /// <param name="file">All of it where it ends with <c>.json</c>, a picture where it ends with <c>.svg</c>; null for
    /// lines.</param>
    /// <returns>The lines, or what was written.</returns>
    /// <exception cref="PipelineException">The file ends otherwise, or cannot be written.</exception>
    public IEnumerable<string> In(string? file)
    {
        if (file is null)
            return Lines();
        var end = Path.GetExtension(file).ToLowerInvariant();
        var text = (end, Svg) switch
        {
            (".json", _) => JsonSerializer.Serialize(Data, Json) + "\n",
            (".svg", { } svg) => svg(),
            _ when Texts.TryGetValue(end, out var other) => other(),
            _ => throw new PipelineException($"--file is '{file}', expected a name with .json for all of it" +
                (Svg is null ? "" : ", or with .svg for a picture") +
                (Texts.Count == 0 ? "." : $", or with {string.Join(" or ", Texts.Keys)}.")),
        };
        try
        {
            AtomicFile.WriteText(file, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException($"'{file}' cannot be written: {e.Message} Choose another --file.");
        }
        return [$"{What} in '{file}'"];
    }
}
