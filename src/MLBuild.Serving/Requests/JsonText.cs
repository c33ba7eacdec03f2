using System.Text.Json;

namespace MLBuild.Serving.Requests;

/// <summary>Texts in JSON, which can hold what is no text: half of a surrogate pair, as <c>\ud800</c>.</summary>
internal static class JsonText
{
    private const int MostShown = 40;

    public static bool TryGet(JsonElement json, out string text) => Try(() => json.GetString()!, out text);

    public static bool TryGetName(JsonProperty property, out string name) => Try(() => property.Name, out name);

    /// <summary>A value as it was sent, cut where it is long.</summary>
    public static string Shown(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => Cut(json.GetRawText()),
    };

    public static string Cut(string text) => text.Length <= MostShown ? text : text[..MostShown] + "…";

    private static bool Try(Func<string> get, out string text)
    {
        try
        {
            text = get();
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }
}
