namespace MLBuild.Sources.Http;

/// <summary>How a request says who asks. It holds the name of a secret, never its value: options are in the
/// recipe.</summary>
public abstract record HttpAuthentication
{
    private HttpAuthentication()
    {
    }

    /// <summary>Anybody may ask.</summary>
    public sealed record None : HttpAuthentication;

    /// <summary>The header <c>Authorization: Bearer …</c>.</summary>
    /// <param name="SecretName">As it was declared with WithSecret.</param>
    public sealed record Bearer(string SecretName) : HttpAuthentication;

    /// <summary>The header <c>Authorization: Basic …</c>.</summary>
    /// <param name="User">Without a colon.</param>
    /// <param name="SecretName">Of the password, as it was declared with WithSecret.</param>
    public sealed record Basic(string User, string SecretName) : HttpAuthentication;

    /// <summary>A header that holds nothing but the key.</summary>
    /// <param name="Header">Such as <c>X-Api-Key</c>.</param>
    /// <param name="SecretName">As it was declared with WithSecret.</param>
    public sealed record KeyInHeader(string Header, string SecretName) : HttpAuthentication;

    /// <summary>A parameter of the URL. Servers write URLs into their logs: prefer a header where there is one.
    /// </summary>
    /// <param name="Parameter">Such as <c>api_key</c>.</param>
    /// <param name="SecretName">As it was declared with WithSecret.</param>
    public sealed record KeyInQuery(string Parameter, string SecretName) : HttpAuthentication;

    /// <summary>The name of its secret; null for <see cref="None"/>.</summary>
    internal static string? SecretOf(HttpAuthentication authentication) => authentication switch
    {
        None => null,
        Bearer bearer => bearer.SecretName,
        Basic basic => basic.SecretName,
        KeyInHeader key => key.SecretName,
        KeyInQuery key => key.SecretName,
        _ => throw new InvalidOperationException($"BUG: unknown authentication {authentication.GetType().Name}."),
    };
}
