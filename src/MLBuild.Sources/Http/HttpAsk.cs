using System.Net.Http.Headers;

namespace MLBuild.Sources.Http;

/// <summary>One thing to ask a server for.</summary>
/// <param name="What">How messages call it: its URL without query, or <c>page 2 of</c> it.</param>
/// <param name="Accept">The header of that name.</param>
internal sealed record HttpAsk(HttpMethod Method, Uri Url, string What, string Accept)
{
    /// <summary>What the server may compress with, which is then undone. By default nothing: bytes are read as they are
    /// sent.</summary>
    public string AcceptEncoding { get; init; } = ContentEncodings.Identity;

    /// <summary>The bytes that are wanted; null for all.</summary>
    public RangeHeaderValue? Range { get; init; }

    /// <summary>The version of which they are wanted; if there is another, all of that one comes. Null for
    /// any.</summary>
    public RangeConditionHeaderValue? IfRange { get; init; }
}
