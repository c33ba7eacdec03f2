using System.Net;

namespace MLBuild.Sources.Http;

/// <summary>Says what a status other than the expected one means, and whose business it is.</summary>
internal static class StatusFaults
{
    /// <param name="expected">The statuses that are answers.</param>
    /// <exception cref="SourceFaultException">It has another one.</exception>
    /// <exception cref="PassingFault">It has another one, which may pass.</exception>
    public static async Task Demand(
        HttpReply reply, HttpCredentials credentials, TimeProvider clock, params HttpStatusCode[] expected)
    {
        var status = reply.Response.StatusCode;
        if (expected.Contains(status))
            return;
        var answered = credentials.Masked(
            $"{reply.What} answered {(int)status} {reply.Response.ReasonPhrase}".TrimEnd());
        var wait = WaitHeaders.Asked(reply.Response, clock);
        throw status switch
        {
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
                or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
                or (HttpStatusCode)425 => new PassingFault($"{answered}.", PassingFault.Later) { AskedWait = wait },
            // Some APIs say so that a limit is used up.
            HttpStatusCode.Forbidden when wait is not null =>
                new PassingFault($"{answered}.", PassingFault.Later) { AskedWait = wait },
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new DeniedSourceException(Denied(reply, credentials, answered, status)),
            HttpStatusCode.ProxyAuthenticationRequired => new DeniedSourceException(
                $"{answered}: the proxy wants to know who asks. Give HTTPS_PROXY a user, or set NO_PROXY."),
            HttpStatusCode.NotFound => new LostSourceDataException($"{answered}: there is nothing. Check Url; some " +
                "servers say so too to who has no right to see it."),
            HttpStatusCode.Gone => new LostSourceDataException(
                $"{answered}: it was there and was removed. Ask its owner where it is, and change Url."),
            >= (HttpStatusCode)500 => new UnreachableSourceException(
                $"{answered}, which does not pass by waiting{await Said(reply)}. Ask the owner of the server."),
            _ => new SourceSchemaException(
                $"{answered}, expected {string.Join(" or ", expected.Select(one => (int)one))}{await Said(reply)}. " +
                "Check Url, Headers and Answer against the server's documentation."),
        };
    }

    private static string Denied(HttpReply reply, HttpCredentials credentials, string answered, HttpStatusCode status)
    {
        var isForbidden = status == HttpStatusCode.Forbidden;
        return (credentials.SecretName, isForbidden) switch
        {
            (null, _) => $"{answered}: it wants to know who asks{Schemes(reply)}. Set Authentication, and declare " +
                "its secret with WithSecret.",
            _ when !credentials.BelongTo(reply.Url) => $"{answered}: it was redirected to {reply.Place}, which gets " +
                $"no secret. If '{credentials.SecretName}' is for that server, give Url its address.",
            (var name, false) => $"{answered}: it does not accept the secret '{name}' {credentials.Manner}. Check " +
                "what the build takes its value from, and whether it has expired.",
            (var name, true) => $"{answered}: it knows the secret '{name}' {credentials.Manner}, whose owner may not " +
                "read this. Ask for the right, or use another secret.",
        };
    }

    private static string Schemes(HttpReply reply) =>
        string.Join(", ", reply.Response.Headers.WwwAuthenticate.Select(header => header.Scheme).Distinct()) switch
        {
            "" => "",
            var schemes => $" ({schemes})",
        };

    private static async Task<string> Said(HttpReply reply) =>
        await reply.Excerpt() is { Length: > 0 } said ? $": '{said}'" : "";
}
