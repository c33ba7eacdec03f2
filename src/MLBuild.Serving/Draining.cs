using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MLBuild.Serving;

/// <summary>What comes first when the server is told to stop: for a while it says that it is not ready and goes on
/// answering, so that whoever sends it requests can send them elsewhere. Only then it stops to listen.</summary>
internal sealed class Draining(TimeSpan drainTime, TimeProvider clock, ILogger log) : IHostedLifecycleService
{
    private volatile bool _hasBegun;

    public bool HasBegun => _hasBegun;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _hasBegun = true;
        if (drainTime == TimeSpan.Zero)
            return;
        log.LogInformation("Not ready any more; requests are answered for another {Seconds} s.",
            drainTime.TotalSeconds);
        await Task.Delay(drainTime, clock, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
