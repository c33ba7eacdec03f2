using MLBuild.Engine.Inspection;

namespace MLBuild.Sources.Http;

/// <summary>Holds requests back: to the declared rate, and until a limit that the server reports begins anew.</summary>
internal sealed class HttpPace(HttpOptions options, TimeProvider clock)
{
    private readonly long _begun = clock.GetTimestamp();
    private TimeSpan _next;
    private string? _heldBy;

    /// <exception cref="UnreachableSourceException">It would be longer than MaxDelay.</exception>
    public async Task Wait(CancellationToken cancel)
    {
        var wait = _next - Now;
        if (_heldBy is { } server && wait > options.MaxDelay)
            throw HttpRetries.TooLong(
                $"{server} allows no more requests for {Wording.Duration(wait)}", options.MaxDelay);
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, clock, cancel);
        _heldBy = null;
        _next = options.RequestsPerSecond is { } rate ? Now + TimeSpan.FromSeconds(1 / rate) : TimeSpan.Zero;
    }

    /// <summary>The server takes no request for a while.</summary>
    public void Hold(string server, TimeSpan wait)
    {
        if (Now + wait > _next)
            (_next, _heldBy) = (Now + wait, server);
    }

    private TimeSpan Now => clock.GetElapsedTime(_begun);
}
