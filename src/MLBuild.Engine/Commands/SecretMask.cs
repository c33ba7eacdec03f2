namespace MLBuild.Engine.Commands;

/// <summary>Hides secrets in a text as <c>***</c>. It knows them as they are, not in another encoding.</summary>
internal sealed class SecretMask
{
    // A shorter piece of a secret of several lines, such as a lone brace, tells nothing and would hide too much.
    private const int ShortestLine = 4;

    private readonly string[] _secrets;

    public SecretMask(IEnumerable<string> secrets) => _secrets = [.. secrets
        .SelectMany(secret => secret.Split('\n', '\r') is { Length: > 1 } lines
            ? lines.Where(line => line.Length >= ShortestLine)
            : [secret])
        .Where(secret => secret.Length > 0).Distinct().OrderByDescending(secret => secret.Length)];

    public string Of(string text)
    {
        foreach (var secret in _secrets)
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }

    /// <summary>How much of the beginning of a text that goes on can be masked by itself: no secret goes over its
    /// end.</summary>
    public int SafeLength(string text)
    {
        if (_secrets.Length == 0)
            return text.Length;
        // An occurrence that is still incomplete begins behind this.
        var cut = Math.Max(0, text.Length - _secrets[0].Length + 1);
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var secret in _secrets)
            {
                var first = Math.Max(0, cut - secret.Length + 1);
                var at = text.IndexOf(secret, first, StringComparison.Ordinal);
                if (at < 0 || at >= cut)
                    continue;
                (cut, moved) = (at, true);
            }
        }
        return cut;
    }
}
