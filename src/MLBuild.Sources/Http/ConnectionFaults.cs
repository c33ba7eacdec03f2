using System.Net.Sockets;

namespace MLBuild.Sources.Http;

/// <summary>Says what went wrong between here and a server.</summary>
internal static class ConnectionFaults
{
    /// <param name="what">What was asked for, as messages call it.</param>
    /// <param name="refusal">Why its certificate was refused, or null.</param>
    public static Exception Of(HttpRequestException fault, string what, Uri url, string? refusal)
    {
        var place = $"{url.IdnHost}:{url.Port}";
        return fault.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new PassingFault(
                $"{what} cannot be reached: the name '{url.IdnHost}' does not resolve.",
                "Check the host in Url, and that this machine reaches a name server.", fault),
            HttpRequestError.SecureConnectionError when refusal is not null => new UnreachableSourceException(
                $"{what} cannot be trusted. Of the certificate of {place}: {refusal}.", fault),
            HttpRequestError.SecureConnectionError => new UnreachableSourceException(
                $"{what} cannot be reached: {place} does not agree on TLS ({Innermost(fault)}). Check whether it is " +
                "http, the port in Url, and the protocols that the server allows.", fault),
            HttpRequestError.ConnectionError => new PassingFault(
                $"{what} cannot be reached: {Connecting(fault, place)}.",
                "Check host and port in Url, and that the server runs and no firewall is between.", fault),
            HttpRequestError.ProxyTunnelError => new UnreachableSourceException(
                $"{what} cannot be reached: the proxy does not let it through ({fault.Message}). Check HTTPS_PROXY " +
                "and NO_PROXY.", fault),
            HttpRequestError.ResponseEnded => Broken(what, fault),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError
                or HttpRequestError.ConfigurationLimitExceeded => new SourceSchemaException(
                    $"{what} is no HTTP: {fault.Message} Check the port in Url.", fault),
            _ when fault.InnerException is IOException => Broken(what, fault),
            _ => new PassingFault($"{what} failed: {Innermost(fault)}.", PassingFault.Later, fault),
        };
    }

    public static PassingFault Broken(string what, Exception fault) => new(
        $"{what} broke off before its answer was complete.", PassingFault.Later, fault);

    private static string Connecting(Exception fault, string place) =>
        (fault.InnerException as SocketException)?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => $"nothing listens at {place}",
            SocketError.TimedOut => $"{place} does not answer",
            SocketError.NetworkUnreachable or SocketError.HostUnreachable => $"there is no way to {place}",
            SocketError.ConnectionReset => $"{place} closes the connection",
            { } other => $"connecting to {place} failed ({other})",
            null => $"connecting to {place} failed ({Innermost(fault)})",
        };

    private static string Innermost(Exception fault) => fault.GetBaseException().Message.TrimEnd('.');
}
