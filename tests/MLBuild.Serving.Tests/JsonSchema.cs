using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MLBuild.Serving.Tests;

/// <summary>Judges JSON by a schema in an OpenAPI document: the keywords that our documents have (JSON Schema 2020-12);
/// any other is an error, so that no rule is passed over.</summary>
internal sealed class JsonSchema(JsonNode document)
{
    private static readonly HashSet<string> Said = ["description", "format"];

    /// <param name="schema">A path in the document: <c>components|schemas|Row</c>.</param>
    public bool Accepts(string schema, JsonNode? json) =>
        Accepts(schema.Split('|').Aggregate(document, (node, part) => node[part]!).AsObject(), json);

    private bool Accepts(JsonObject schema, JsonNode? json) => schema.All(keyword => keyword.Key switch
    {
        "$ref" => Accepts($"{keyword.Value}"[2..].Replace('/', '|'), json),
        "type" => keyword.Value is JsonArray types ? types.Any(type => Is($"{type}", json)) : Is($"{keyword.Value}", json),
        "oneOf" => keyword.Value!.AsArray().Count(one => Accepts(one!.AsObject(), json)) == 1,
        "enum" => keyword.Value!.AsArray().Any(one => JsonNode.DeepEquals(one, json)),
        "const" => JsonNode.DeepEquals(keyword.Value, json),
        "items" => json is not JsonArray array || array.All(item => Accepts(keyword.Value!.AsObject(), item)),
        "minItems" => json is not JsonArray array || array.Count >= (int)keyword.Value!,
        "maxItems" => json is not JsonArray array || array.Count <= (int)keyword.Value!,
        "minimum" => !Is("number", json) || (double)json! >= (double)keyword.Value!,
        "maximum" => !Is("number", json) || (double)json! <= (double)keyword.Value!,
        "pattern" => !Is("string", json) || Regex.IsMatch($"{json}", $"{keyword.Value}"),
        "required" => json is not JsonObject fields
            || keyword.Value!.AsArray().All(name => fields.ContainsKey($"{name}")),
        "properties" => json is not JsonObject fields || fields.All(field =>
            keyword.Value![field.Key] is not JsonObject property || Accepts(property, field.Value)),
        "additionalProperties" => json is not JsonObject fields
            || fields.All(field => schema["properties"]!.AsObject().ContainsKey(field.Key)),
        var other => Said.Contains(other) ? true : throw new NotSupportedException(other),
    });

    private static bool Is(string type, JsonNode? json) => (type, json?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array)
            or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number)
            or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => decimal.TryParse(json!.ToJsonString(), out var number)
            && decimal.IsInteger(number),
        _ => false,
    };
}
