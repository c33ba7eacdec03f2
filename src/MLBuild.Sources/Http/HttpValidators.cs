using System.Globalization;
using System.Net.Http.Headers;

namespace MLBuild.Sources.Http;

/// <summary>What a server says of the version of what it sends.</summary>
internal sealed record HttpValidators(EntityTagHeaderValue? Tag, DateTimeOffset? LastModified, DateTimeOffset? Sent)
{
    public static HttpValidators Of(HttpResponseMessage response) =>
        new(response.Headers.ETag, response.Content.Headers.LastModified, response.Headers.Date);

    /// <summary>The tag as it was sent, or null.</summary>
    public string? TagText => Tag?.ToString();

    /// <summary><c>2026-03-01T12:00:00Z</c>, or null.</summary>
    public string? LastModifiedText =>
        LastModified?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>What makes sure that a rest belongs to what came before; null if nothing can. Weak tags do not say that
    /// bytes are equal, nor does a time within the second in which it was sent (RFC 9110, 8.8).</summary>
    public RangeConditionHeaderValue? Strong => Tag switch
    {
        { IsWeak: false } => new(Tag),
        null when LastModified is { } modified && Sent - modified >= TimeSpan.FromSeconds(1) => new(modified),
        _ => null,
    };

    /// <summary>True unless an answer names another version.</summary>
    public bool Allow(HttpValidators other) =>
        (other.Tag is null || Tag is null || other.Tag.Equals(Tag))
        && (other.LastModified is null || LastModified is null || other.LastModified == LastModified);
}
