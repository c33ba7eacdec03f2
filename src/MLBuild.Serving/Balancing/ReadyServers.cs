using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace MLBuild.Serving.Balancing;

/// <summary>Servers that get requests: those that said that they are ready. One that was not asked yet, or has not
/// answered yet, may stand by for a version of its own feature code, and would refuse them.</summary>
internal sealed class ReadyServers : IAvailableDestinationsPolicy
{
    public const string PolicyName = nameof(ReadyServers);

    public string Name => PolicyName;

    public IReadOnlyList<DestinationState> GetAvailalableDestinations(
        ClusterConfig config, IReadOnlyList<DestinationState> allDestinations) => [.. allDestinations.Where(IsOne)];

    private static bool IsOne(DestinationState server) =>
        server.Health.Active == DestinationHealth.Healthy && server.Health.Passive != DestinationHealth.Unhealthy;
}
