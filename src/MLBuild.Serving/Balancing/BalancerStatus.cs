using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace MLBuild.Serving.Balancing;

/// <summary>The answer of a load balancer's <c>GET /health/ready</c>: whether requests are to be sent here. Where its
/// servers are is nobody's business.</summary>
/// <param name="Status"><c>healthy</c>; <c>degraded</c>: some servers are not ready; or, with status code 503,
/// <c>unavailable</c>: no server is, or <c>draining</c>: it is about to stop.</param>
/// <param name="Ready">Servers that get requests: those that said so when they were last asked.</param>
/// <param name="Servers">All of them.</param>
internal sealed record BalancerStatus(string Status, int Ready, int Servers)
{
    public static BalancerStatus Of(int ready, int servers, bool isDraining) => new(
        isDraining ? "draining" : ready == 0 ? "unavailable" : ready < servers ? "degraded" : "healthy",
        ready, servers);

    [JsonIgnore]
    public int StatusCode => Status is "healthy" or "degraded"
        ? StatusCodes.Status200OK
        : StatusCodes.Status503ServiceUnavailable;
}
