using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace MLBuild.Serving.Balancing;

/// <summary>Asks servers at <c>/health/ready</c> whether they are ready.</summary>
internal sealed class ReadinessChecks(IDestinationHealthUpdater health, ILogger log) : IActiveHealthCheckPolicy
{
    public const string PolicyName = nameof(ReadinessChecks);

    // A server that is told to stop answers for another second (ServingLimits.DrainTime). Within it this has to be
    // seen, also while another server lets its probe time out, as the next round begins when the last has ended.
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.25);
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a connection may take: after that the server's machine is away.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    // One that is slow under its load is not to send that load to the others, who then are slow too.
    private const int MostTimeouts = 3;

    private readonly ConditionalWeakTable<DestinationState, StrongBox<int>> _timeouts = [];

    public string Name => PolicyName;

    public void ProbingCompleted(ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults) =>
        health.SetActive(cluster, [.. probingResults.Select(result =>
        {
            var (server, before) = (result.Destination, result.Destination.Health.Active);
            var timeouts = _timeouts.GetOrCreateValue(server);
            timeouts.Value = result.Exception is OperationCanceledException ? timeouts.Value + 1 : 0;
            var now = Judge(result.Response?.StatusCode, timeouts.Value, before);
            if (now != before)
                Report(server.DestinationId, now, result);
            return new NewActiveDestinationHealth(server, now);
        })]);

    /// <param name="statusCode">What it answered; null for nothing.</param>
    /// <param name="timeouts">Probes in a row, to the last, that it did not answer in time.</param>
    private static DestinationHealth Judge(HttpStatusCode? statusCode, int timeouts, DestinationHealth before) =>
        statusCode == HttpStatusCode.OK ? DestinationHealth.Healthy
        : timeouts is > 0 and < MostTimeouts ? before
        : DestinationHealth.Unhealthy;

    private void Report(string server, DestinationHealth now, DestinationProbingResult result)
    {
        if (now == DestinationHealth.Healthy)
            log.LogInformation("{Server} is ready.", server);
        else if (result.Response is { } response)
            log.LogWarning("{Server} is not ready: it says {StatusCode}.", server, (int)response.StatusCode);
        else if (result.Exception is OperationCanceledException)
            log.LogWarning("{Server} is not ready: it says nothing.", server);
        else
            log.LogWarning("{Server} is not ready: {Fault}", server, result.Exception?.GetBaseException().Message);
    }
}
