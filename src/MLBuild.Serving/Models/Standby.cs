using MLBuild.Learning.Rollouts;

namespace MLBuild.Serving.Models;

/// <summary>Said of a server whose feature code is not that of what is deployed: it waits for a version of its own
/// code, and whoever has the deployed one answers. What it answered with before it goes on answering with, but is not
/// ready once it is relieved, so that there is always somebody who is.</summary>
/// <param name="Because">Sentences for people.</param>
internal sealed record Standby(string Because)
{
    /// <summary>When another server was first seen to answer with what is deployed; null while none does.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Whether others have its requests.</summary>
    public bool IsRelieved { get; init; }

    /// <summary>Relieved as soon as another server has answered with what is deployed for so long that whoever sends
    /// requests has seen it to be ready; then as long as any server answers that does not stand by itself, as what is
    /// deployed next takes that one a moment too.</summary>
    /// <param name="live">What servers say, this one among them.</param>
    /// <param name="drainTime">What sends requests here needs to see that a server is, or is not, ready.</param>
    public Standby Seeing(IEnumerable<ServerStatus> live, int deployed, DateTimeOffset now, TimeSpan drainTime)
    {
        if (!live.Any(server => !server.HasEnded && !server.StandsBy && (IsRelieved || server.Version == deployed)))
            return this with { SeenAt = null, IsRelieved = false };
        var seenAt = SeenAt ?? now;
        return this with { SeenAt = seenAt, IsRelieved = IsRelieved || now - seenAt >= drainTime };
    }
}

/// <summary>Nothing answers here, for the server has no model of its own feature code that was ever deployed.</summary>
internal sealed class StandbyException() : Exception(
    "This server stands by: what is deployed was trained with other feature code than it computes with. "
    + "Send it to a server of that revision, or again once a version of this one is deployed.");
