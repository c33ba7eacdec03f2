namespace MLBuild.Sources.Databases;

/// <summary>Ends what a session runs when a token says so, and again until the work has ended: a request that arrives
/// between two statements is lost.</summary>
internal sealed class CancelledWork : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);

    private readonly Timer _timer;
    private readonly CancellationTokenRegistration _registration;

    public CancelledWork(DatabaseSession session, CancellationToken cancel)
    {
        _timer = new(_ => session.Cancel());
        _registration = cancel.Register(() => _timer.Change(TimeSpan.Zero, Again));
    }

    /// <summary>When it returns, nothing more is cancelled, and the session may go.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        using var ended = new ManualResetEvent(false);
        if (_timer.Dispose(ended))
            ended.WaitOne();
    }
}
