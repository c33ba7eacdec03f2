using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace MLBuild.Serving.Balancing;

/// <summary>A server that a request could not connect to gets none for a moment: its next probe says more. Nothing
/// else counts, as whoever sends requests can have them fail, and must not take a server from all others.</summary>
internal sealed class RefusedConnections(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = nameof(RefusedConnections);

    // Longer than from one probe to the next.
    public static readonly TimeSpan ReactivationPeriod = TimeSpan.FromSeconds(1);

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (ReachedNobody(context.GetForwarderErrorFeature()))
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, ReactivationPeriod);
    }

    /// <summary>Whether a request failed before a byte of it was sent.</summary>
    /// <param name="failure">Null where it did not fail.</param>
    public static bool ReachedNobody(IForwarderErrorFeature? failure) => failure?.Exception is
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
        }
        // So says the handler that a connection took too long; of an answer that did, there is no such cause.
        or OperationCanceledException { InnerException: TimeoutException };
}
