namespace MLBuild.Sources.Http;

/// <summary>Reads the header <c>Link</c> (RFC 8288).</summary>
internal static class LinkHeaders
{
    /// <summary>The target of the first link whose relation is <c>next</c>, as it is written; null if there is
    /// none.</summary>
    public static string? Next(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var values)
            ? values.SelectMany(Links).FirstOrDefault(link => IsNext(link.Parameters)).Target
            : null;

    // Commas may stand in targets and in quotes.
    private static IEnumerable<(string Target, string Parameters)> Links(string header)
    {
        for (var at = header.IndexOf('<'); at >= 0;)
        {
            var close = header.IndexOf('>', at);
            if (close < 0)
                yield break;
            var (end, isQuoted) = (close + 1, false);
            for (; end < header.Length && (isQuoted || header[end] != ','); end++)
                isQuoted ^= header[end] == '"';
            yield return (header[(at + 1)..close].Trim(), header[(close + 1)..end]);
            at = header.IndexOf('<', end);
        }
    }

    private static bool IsNext(string parameters) => parameters.Split(';')
        .Select(parameter => parameter.Split('=', 2))
        .Where(pair => pair.Length == 2 && pair[0].Trim().Equals("rel", StringComparison.OrdinalIgnoreCase))
        .Take(1)
        .SelectMany(pair => pair[1].Trim().Trim('"').Split(' '))
        .Contains("next", StringComparer.OrdinalIgnoreCase);
}
