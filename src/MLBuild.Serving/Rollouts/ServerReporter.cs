using System.Globalization;
using Microsoft.Extensions.Logging;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Serving.Models;

namespace MLBuild.Serving.Rollouts;

/// <summary>Tells the registry what this server does: at every look while something is rolled out, else now and then
/// and when something has changed.</summary>
internal sealed class ServerReporter(IModelRegistry registry, TimeProvider clock, ILogger log)
{
    // Well within the time after which a server that says nothing is taken for gone.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly string _name = string.Create(
        CultureInfo.InvariantCulture,
        $"{System.Environment.MachineName}-{System.Environment.ProcessId}-{clock.GetUtcNow().UtcTicks:x}");

    private string _said = "";
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
        var json = status.ToJson();
        var now = clock.GetUtcNow();
        if (json == _said && now - _saidAt < Interval)
            return;
        try
        {
            registry.Report(state.Since.ModelName, state.Since.Environment, _name, json);
            (_said, _saidAt, _hasFailed) = (json, now, false);
        }
        catch (RegistryException e)
        {
            // It answers all the same; a registry that it may not write to does not change by itself.
            if (!_hasFailed)
                log.LogWarning("This server cannot report to the registry. {Fault}", e.Message);
            _hasFailed = true;
        }
    }

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
