using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MLBuild.Registry;
using MLBuild.Serving.Metrics;

namespace MLBuild.Serving.Models;

/// <summary>Takes up what the registry newly deploys. What cannot be taken up is said once, and the model before it
/// keeps serving.</summary>
/// <remarks>It asks again and again, as waiting for a file to change misses files that are replaced by a
/// rename.</remarks>
internal sealed class RegistryFollower(
    IModelRegistry registry, ModelLoader loader, LiveModel live, ServingMetrics metrics, TimeSpan interval,
    TimeProvider clock, ILogger log)
    : BackgroundService
{
    // A version that was refused is loaded again after this time: its artifact may have been restored.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private Refusal? _refused;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        // Ends quietly also where the host never started: to it an exception would be a failure.
        using var stop = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            var before = live.State;
            live.State = Look(before);
            Say(before, live.State);
        }
    }

    // Catches everything: no fault here is worth an answer less.
    private LiveState Look(LiveState now)
    {
        var since = now.Model.Deployed.Since;
        try
        {
            return registry.Serving(since.ModelName, since.Environment) is Served.Version wanted
                ? TakeUp(wanted, now)
                : now with { Fault = "The registry has no deployments any more." };
        }
        catch (Exception e)
        {
            metrics.ReloadFailed();
            return now with { Fault = Worded(e) };
        }
    }

    private LiveState TakeUp(Served.Version wanted, LiveState now)
    {
        if (now.Model.Is(wanted))
            return now with { Fault = null };
        var id = DeploymentId.Of(wanted);
        if (_refused is { } refused && refused.Deployment == id && clock.GetUtcNow() < refused.At + RetryAfter)
            return now with { Fault = refused.Because };
        try
        {
            return new(loader.Load(wanted), Fault: null);
        }
        catch (Exception e)
        {
            metrics.ReloadFailed();
            _refused = new(id, clock.GetUtcNow(), Worded(e));
            return now with { Fault = _refused.Because };
        }
    }

    private void Say(LiveState before, LiveState now)
    {
        if (!ReferenceEquals(now.Model, before.Model))
            log.LogInformation("Serving {Model}.", now.Model);
        else if (now.Fault is null && before.Fault is not null)
            log.LogInformation("Version {Version} is again what is deployed.", now.Model.Version);
        else if (now.Fault is not null && now.Fault != before.Fault)
            log.LogError("{Fault} Version {Version} keeps serving.", now.Fault, now.Model.Version);
    }

    private static string Worded(Exception e) =>
        e is RegistryException or ServingException ? e.Message : $"BUG: {e.GetType().Name}: {e.Message}";

    private sealed record Refusal(DeploymentId Deployment, DateTimeOffset At, string Because);
}
