using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MLBuild.Registry;

namespace MLBuild.Serving.Models;

/// <summary>Takes up what the registry newly deploys. What cannot be taken up is said once, and the model before it keeps
/// serving.</summary>
/// <remarks>It asks again and again, as waiting for a file to change misses files that are replaced by a rename.</remarks>
internal sealed class RegistryFollower(
    IModelRegistry registry, ModelLoader loader, LiveModel live, TimeSpan interval, TimeProvider clock, ILogger log)
    : BackgroundService
{
    // A version that was refused is loaded again after this time: its artifact may have been restored.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private Refusal? _refused;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var fault = Look();
            if (fault is not null && fault != live.Fault)
                log.LogError("{Fault} Version {Version} keeps serving.", fault, live.Current.Version);
            if (fault is null && live.Fault is not null)
                log.LogInformation("The registry and version {Version} agree again.", live.Current.Version);
            live.Fault = fault;
        }
    }

    // Returns what is wrong. Catches everything: no fault here is worth an answer less.
    private string? Look()
    {
        try
        {
            var served = registry.Serving(live.Current.Deployed.Model.ModelName, live.Current.Deployed.Since.Environment);
            return served is Served.Version wanted ? TakeUp(wanted) : "The registry has no deployments any more.";
        }
        catch (Exception e)
        {
            return Worded(e);
        }
    }

    private string? TakeUp(Served.Version wanted)
    {
        if (live.Current.Is(wanted))
            return null;
        var id = DeploymentId.Of(wanted);
        if (_refused is { } refused && refused.Deployment == id && clock.GetUtcNow() < refused.At + RetryAfter)
            return refused.Because;
        try
        {
            live.Current = loader.Load(wanted);
            log.LogInformation("Serving {Model}.", live.Current);
            return null;
        }
        catch (Exception e)
        {
            _refused = new(id, clock.GetUtcNow(), Worded(e));
            return _refused.Because;
        }
    }

    private static string Worded(Exception e) =>
        e is RegistryException or ServingException ? e.Message : $"BUG: {e.GetType().Name}: {e.Message}";

    private sealed record Refusal(DeploymentId Deployment, DateTimeOffset At, string Because);
}
