using System.Globalization;
using Microsoft.Extensions.Logging;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Serving.Models;

namespace MLBuild.Serving.Rollouts;

/// <summary>Tells the registry what this server does: when something has changed, and now and then; what only adds to
/// the counts of a rollout waits a little, as a registry in a file takes a few dozen reports a second on a slow
/// disk.</summary>
internal sealed class ServerReporter(IModelRegistry registry, TimeProvider clock, ILogger log)
{
    // Well within the time after which a server that says nothing is taken for gone.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan CountsInterval = TimeSpan.FromSeconds(5);

    private readonly string _name = string.Create(
        CultureInfo.InvariantCulture,
        $"{System.Environment.MachineName}-{System.Environment.ProcessId}-{clock.GetUtcNow().UtcTicks:x}");

    private string _said = "";
    private string _news = "";
    private DateTimeOffset _saidAt;
    private bool _hasFailed;

    /// <param name="hasEnded">True for what it says last.</param>
    public void Say(LiveState state, bool hasEnded)
    {
        var status = new ServerStatus(
            System.Environment.MachineName, System.Environment.ProcessId, state.Version, state.Fault)
        {
            StandsBy = state.Standby is not null,
            Candidate = state.Candidate?.Status,
            HasEnded = hasEnded,
        };
        var (json, news) = (status.ToJson(), WithoutCounts(status).ToJson());
        var now = clock.GetUtcNow();
        if (news == _news && now - _saidAt < (json == _said ? Interval : CountsInterval))
            return;
        try
        {
            registry.Report(state.Since.ModelName, state.Since.Environment, _name, json);
            (_said, _news, _saidAt, _hasFailed) = (json, news, now, false);
        }
        // Whatever it is: it answers all the same, and what follows the registry is not to end with a report.
        catch (Exception e)
        {
            // Once: a registry that it may not write to does not change by itself.
            if (!_hasFailed)
                log.LogWarning("This server cannot report to the registry. {Fault}", e.Message);
            _hasFailed = true;
        }
    }

    private static ServerStatus WithoutCounts(ServerStatus status) => status.Candidate is not { } candidate
        ? status
        : status with { Candidate = candidate with { Champion = NoCounts, Own = NoCounts } };

    private static TrafficCounts NoCounts => new(0, 0, [], []);

    /// <summary>What another server says; null where that cannot be read, as another program wrote it.</summary>
    public static ServerStatus? Read(ServerReport report)
    {
        try
        {
            return ServerStatus.FromJson(report.Content);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
