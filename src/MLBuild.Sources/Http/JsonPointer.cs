using System.Globalization;
using System.Text.Json;

namespace MLBuild.Sources.Http;

/// <summary>Finds a value in JSON by a JSON pointer (RFC 6901): <c>/data/items</c>; <c>~1</c> stands for a slash,
/// <c>~0</c> for a tilde.</summary>
internal sealed class JsonPointer(string text)
{
    private const int MostNames = 8;

    private readonly string[] _parts =
    [
        .. text.Split('/').Skip(1).Select(part =>
            part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)),
    ];

    public static bool IsOne(string text) => text == "" || (text[0] == '/'
        && !text.Replace("~0", "", StringComparison.Ordinal).Replace("~1", "", StringComparison.Ordinal).Contains('~'));

    /// <summary>The value there; of members with one name the last. Null if there is none.</summary>
    public JsonElement? Find(JsonElement root)
    {
        var at = root;
        foreach (var part in _parts)
        {
            if (Step(at, part) is not { } next)
                return null;
            at = next;
        }
        return at;
    }

    /// <summary>Where the way to it ends, in words: <c>there is nothing at '/data'; the answer is an object with
    /// 'error'</c>.</summary>
    public string Missing(JsonElement root)
    {
        var (at, way) = (root, "");
        foreach (var part in _parts)
        {
            var before = way;
            way += "/" + part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
            if (Step(at, part) is not { } next)
                return $"there is nothing at '{way}'; {(before == "" ? "the answer" : $"'{before}'")} is {Shape(at)}";
            at = next;
        }
        return $"{(way == "" ? "the answer" : $"'{way}'")} is {Shape(at)}";
    }

    private static JsonElement? Step(JsonElement at, string part) => at.ValueKind switch
    {
        JsonValueKind.Object => at.TryGetProperty(part, out var member) ? member : null,
        JsonValueKind.Array => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < at.GetArrayLength() ? at[index] : null,
        _ => null,
    };

    private static string Shape(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Select(member => $"'{member.Name}'").ToArray() switch
        {
            [] => "an empty object",
            { Length: <= MostNames } names => $"an object with {string.Join(", ", names)}",
            var names => $"an object with {string.Join(", ", names[..MostNames])} and {names.Length - MostNames} more",
        },
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
