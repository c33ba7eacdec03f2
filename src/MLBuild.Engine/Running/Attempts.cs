using MLBuild.Engine.Inspection;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Running;

/// <summary>Does a stage's work within its limits: each attempt has its timeout, failed ones are tried again after a
/// wait that doubles.</summary>
/// <param name="stop">Nothing is tried again after it; an attempt that runs goes on.</param>
/// <param name="cancel">Ends the running work as soon as it listens.</param>
internal sealed class Attempts(TimeProvider clock, CancellationToken stop, CancellationToken cancel)
{
    /// <summary>How long work that was asked to stop may take to do so.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <param name="attempt">The work, which must begin afresh each time.</param>
    /// <param name="retrying">Called with a line to log before each wait.</param>
    /// <exception cref="StageFailedException">The last attempt took too long.</exception>
    public async Task Run(StageLimits limits, Func<CancellationToken, Task> attempt, Action<string> retrying)
    {
        for (var retry = 0; ; retry++)
        {
            try
            {
                await Once(limits.Timeout, attempt);
                return;
            }
            catch (Exception e) when (retry < limits.Retries && MayPass(e))
            {
                var delay = limits.RetryDelay * Math.Pow(2, retry);
                retrying($"attempt {retry + 1} of {limits.Retries + 1} failed, the next begins in " +
                    $"{Wording.Duration(delay)}: {e.Message}");
                if (!await Waited(delay))
                    throw;
            }
        }
    }

    // False if nothing is to be begun any more.
    private async Task<bool> Waited(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, clock, stop);
            return true;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    // A fault of the declaration stays; work that did not stop may still be writing.
    private bool MayPass(Exception e) =>
        e is not (PipelineException or RunawayException) && !stop.IsCancellationRequested
        && !cancel.IsCancellationRequested;

    private async Task Once(TimeSpan? timeout, Func<CancellationToken, Task> attempt)
    {
        if (timeout is not { } limit)
        {
            await attempt(cancel);
            return;
        }
        using var late = new CancellationTokenSource(limit, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // Before the work begins, which may be on another thread, so that no time of it is missed.
        var expired = Task.Delay(limit + Grace, clock, ended.Token);
        var work = attempt(stop.Token);
        var first = await Task.WhenAny(work, expired);
        await ended.CancelAsync();
        if (first == expired && !cancel.IsCancellationRequested)
            throw new RunawayException($"it took longer than its timeout of {Wording.Duration(limit)} and did not " +
                $"stop within {Wording.Duration(Grace)} of being asked. What it runs goes on until the build ends. " +
                $"Make it watch run.Cancel.");
        try
        {
            await work;
        }
        catch (Exception e) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new StageFailedException($"it took longer than its timeout of {Wording.Duration(limit)} and was " +
                $"stopped. Make it faster, or declare a longer Timeout.", e);
        }
    }

    private sealed class RunawayException(string message) : Exception(message);
}
