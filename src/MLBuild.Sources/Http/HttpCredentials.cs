using System.Text;

namespace MLBuild.Sources.Http;

/// <summary>What a request says of who asks, with the secret's value. It goes to one server only, and is taken out of
/// every text that is shown.</summary>
internal sealed class HttpCredentials
{
    // A shorter one may stand in a row or file by chance.
    private const int ShortestInBytes = 12;

    private readonly HttpAuthentication _authentication;
    private readonly Uri _home;
    private readonly string _value;
    private readonly string[] _forms;
    private readonly byte[][] _formsInBytes;

    private HttpCredentials(HttpAuthentication authentication, Uri home, string value)
    {
        (_authentication, _home, _value) = (authentication, home, value);
        SecretName = HttpAuthentication.SecretOf(authentication);
        string[] forms = [value, Uri.EscapeDataString(value), Header ?? ""];
        _forms = [.. forms.Where(form => form.Length > 0).Distinct().OrderByDescending(form => form.Length)];
        _formsInBytes = [.. _forms.Append(value.Replace("/", "\\/", StringComparison.Ordinal))
            .Where(form => form.Length >= ShortestInBytes).Select(Encoding.UTF8.GetBytes)];
    }

    /// <param name="valueOf">Gives the value of a secret by its name.</param>
    /// <exception cref="DeniedSourceException">It has no value, or one that cannot be sent.</exception>
    public static HttpCredentials Of(HttpOptions options, Func<string, string?> valueOf)
    {
        var home = new Uri(options.Url);
        if (HttpAuthentication.SecretOf(options.Authentication) is not { } name)
            return new(options.Authentication, home, "");
        if (valueOf(name) is not { Length: > 0 } value)
            throw new DeniedSourceException($"The secret '{name}', which {UrlQuery.Shown(home)} needs, has no value. " +
                "Set what the build takes it from, and run the same command again.");
        // In a header such a character would end it, or be refused with a message that holds the value.
        if (options.Authentication is not HttpAuthentication.Basic
            && value.AsSpan().IndexOfAnyExceptInRange(' ', '~') is >= 0 and var at)
            throw new DeniedSourceException($"The secret '{name}' cannot be sent: its character {at + 1} of " +
                $"{value.Length} is not printable ASCII. Check what the build takes it from; a file often ends with " +
                "a line break.");
        return new(options.Authentication, home, value);
    }

    /// <summary>The name of the secret; null if there is none.</summary>
    public string? SecretName { get; }

    /// <summary>How the secret is sent, in words.</summary>
    public string Manner => _authentication switch
    {
        HttpAuthentication.Bearer => "as bearer token",
        HttpAuthentication.Basic basic => $"as password of '{basic.User}'",
        HttpAuthentication.KeyInHeader key => $"in the header {key.Header}",
        HttpAuthentication.KeyInQuery key => $"as parameter '{key.Parameter}'",
        _ => throw new InvalidOperationException("BUG: nobody authenticates."),
    };

    /// <summary>True for the server that they are meant for: scheme, host and port.</summary>
    public bool BelongTo(Uri url) => url.Scheme == _home.Scheme && url.Port == _home.Port
        && string.Equals(url.IdnHost, _home.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds them to a request to that server.</summary>
    public void Sign(HttpRequestMessage request)
    {
        switch (_authentication)
        {
            case HttpAuthentication.Bearer or HttpAuthentication.Basic:
                var scheme = _authentication is HttpAuthentication.Bearer ? "Bearer" : "Basic";
                request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {Header}");
                break;
            case HttpAuthentication.KeyInHeader key:
                request.Headers.TryAddWithoutValidation(key.Header, _value);
                break;
            case HttpAuthentication.KeyInQuery key:
                request.RequestUri = UrlQuery.With(request.RequestUri!, key.Parameter, _value);
                break;
        }
    }

    /// <summary>A text without them, in any form in which they are sent.</summary>
    public string Masked(string text)
    {
        foreach (var form in _forms)
            text = text.Replace(form, "***", StringComparison.Ordinal);
        return text;
    }

    /// <summary>Of the longest of their forms that are looked for; 0 if none is.</summary>
    public int LongestBytes => _formsInBytes.Select(form => form.Length).DefaultIfEmpty().Max();

    /// <summary>True if bytes hold them. Those of fewer than 12 characters are not looked for.</summary>
    public bool AreIn(ReadOnlySpan<byte> bytes)
    {
        foreach (var form in _formsInBytes)
        {
            if (bytes.IndexOf(form) >= 0)
                return true;
        }
        return false;
    }

    /// <summary>True if an address holds them: anywhere, or, however short, as the value of a parameter.</summary>
    public bool AreIn(Uri url) => SecretName is not null
        && (AreIn(Encoding.UTF8.GetBytes(url.AbsoluteUri))
            || AreIn(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.AbsoluteUri)))
            || UrlQuery.Of(url).Any(parameter => parameter.Value == _value));

    // What stands behind 'Bearer' or 'Basic'.
    private string? Header => _authentication switch
    {
        HttpAuthentication.Bearer => _value,
        HttpAuthentication.Basic basic => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{basic.User}:{_value}")),
        _ => null,
    };
}
