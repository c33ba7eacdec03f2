using MLBuild.Engine.Inspection;

namespace MLBuild.Sources.Http;

/// <summary>Ends what waits for a server when that has said nothing for too long.</summary>
internal sealed class Silence : IDisposable
{
    private readonly TimeSpan _most;
    private readonly CancellationToken _cancel;
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _either;

    public Silence(TimeSpan most, TimeProvider clock, CancellationToken cancel)
    {
        (_most, _cancel, _over) = (most, cancel, new(most, clock));
        _either = CancellationTokenSource.CreateLinkedTokenSource(_over.Token, cancel);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>True if the server was silent too long, and not the build cancelled.</summary>
    public bool IsOver => _over.IsCancellationRequested && !_cancel.IsCancellationRequested;

    /// <summary>From here on the server is waited for.</summary>
    public void Begin() => _over.CancelAfter(_most);

    /// <summary>It said something; what is done with that may take its time.</summary>
    public void Pause() => _over.CancelAfter(Timeout.InfiniteTimeSpan);

    public PassingFault Fault(string what) => new(
        $"{what} was silent for {Wording.Duration(_most)}.", "Raise Timeout, or run the same command later.");

    public void Dispose()
    {
        _either.Dispose();
        _over.Dispose();
    }
}
