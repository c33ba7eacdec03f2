using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace MLBuild.Serving.Requests;

/// <summary>Whose rows are scored now, and who waits: so many at once, so many behind them, in their order, and nobody
/// for ever.</summary>
internal sealed class ScoringTurns(ServingLimits limits, TimeProvider clock) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new()
    {
        PermitLimit = limits.MaxScoring,
        QueueLimit = limits.MaxWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Requests that wait for their turn.</summary>
    public long Waiting => _limiter.GetStatistics()!.CurrentQueuedCount;

    /// <summary>A turn that is free and that nobody waits for, which lasts until it is disposed; null where there is
    /// none.</summary>
    public RateLimitLease? TryTake()
    {
        var lease = _limiter.AttemptAcquire();
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        return null;
    }

    /// <summary>Waits for a turn, which lasts until it is disposed.</summary>
    /// <param name="hungUp">Whoever hangs up waits no longer: under load most of those who are scored would be gone
    /// otherwise.</param>
    /// <exception cref="BusyException">There is none to be had in time.</exception>
    /// <exception cref="OperationCanceledException">They hung up.</exception>
    public ValueTask<RateLimitLease> TakeAsync(CancellationToken hungUp)
    {
        var lease = _limiter.AttemptAcquire();
        return lease.IsAcquired ? new(lease) : WaitAsync(lease, hungUp);
    }

    public void Dispose() => _limiter.Dispose();

    private async ValueTask<RateLimitLease> WaitAsync(RateLimitLease none, CancellationToken hungUp)
    {
        none.Dispose();
        using var timeout = new CancellationTokenSource(limits.RequestTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, hungUp);
        try
        {
            var lease = await _limiter.AcquireAsync(cancellationToken: either.Token);
            if (lease.IsAcquired)
                return lease;
            lease.Dispose();
        }
        catch (OperationCanceledException) when (!hungUp.IsCancellationRequested)
        {
            throw new BusyException(FormattableString.Invariant(
                $"The request waited {limits.RequestTimeout.TotalSeconds} s for its turn. Send it again later."));
        }
        throw new BusyException(FormattableString.Invariant(
            $"{limits.MaxScoring} requests are being scored and {limits.MaxWaiting} wait. Send it again later."));
    }
}

/// <summary>A request is not answered because there are too many:
/// <see cref="StatusCodes.Status503ServiceUnavailable"/>.</summary>
internal sealed class BusyException(string message) : Exception(message)
{
    /// <summary>When to come again, in seconds.</summary>
    public const string RetryAfterSeconds = "1";
}
