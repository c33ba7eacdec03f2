namespace MLBuild.Sources.Http;

/// <summary>The parameters of a URL, and URLs as they may be shown.</summary>
internal static class UrlQuery
{
    /// <summary>Names and values, decoded, in their order.</summary>
    public static IEnumerable<(string Name, string Value)> Of(Uri url) => url.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (Decoded(pair[0]), pair.Length > 1 ? Decoded(pair[1]) : ""));

    /// <summary>The URL with a parameter, in place of one that had its name; the others stay as they are
    /// written.</summary>
    public static Uri With(Uri url, string name, string value)
    {
        var others = url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => Decoded(pair.Split('=', 2)[0]) != name);
        return new UriBuilder(url)
        {
            Query = string.Join('&', [.. others, $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}"]),
        }.Uri;
    }

    /// <summary>The URL without its query, where a server may have put a secret.</summary>
    public static string Shown(Uri url) =>
        url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
