using MLBuild.Learning.Rollouts;
using MLBuild.Registry;

namespace MLBuild.Stages.Rollouts;

/// <summary>The servers of an environment, as their reports have them.</summary>
/// <param name="Servers">By name; those that have fallen silent too.</param>
/// <param name="Now">When it was looked.</param>
public sealed record Fleet(IReadOnlyList<Server> Servers, DateTimeOffset Now)
{
    public IEnumerable<Server> Live => Servers.Where(server =>
        !server.Status.HasEnded && server.ReportedUtc > Now - ServerReport.SilentAfter);

    /// <summary>Those whose feature code is that of what is deployed.</summary>
    public IEnumerable<Server> Serving => Live.Where(server => !server.Status.StandsBy);

    /// <summary>Those that wait for a version of their own feature code.</summary>
    public IEnumerable<Server> Standbys => Live.Where(server => server.Status.StandsBy);

    /// <summary>Those that had something to say after a moment, and then nothing more, without having ended: killed, or
    /// cut off.</summary>
    public IEnumerable<Server> LostSince(DateTimeOffset moment) => Servers.Where(server =>
        !server.Status.HasEnded && server.ReportedUtc <= Now - ServerReport.SilentAfter && server.ReportedUtc > moment);

    /// <exception cref="RolloutException">The report of a live server cannot be read.</exception>
    public static Fleet Of(IReadOnlyList<ServerReport> reports, DateTimeOffset now) =>
        new([.. reports.Select(report => Read(report, now)).OfType<Server>()], now);

    /// <summary>Who answers with a version that was deployed, and who is still to come. One that stands by is not
    /// expected to, unless it had that version ready and has not looked yet, or nobody else would.</summary>
    public (IReadOnlyList<Server> Arrived, IReadOnlyList<Server> Behind) Arrivals(int version)
    {
        var arrived = Serving.Where(server => server.Status.Version == version).ToArray();
        var others = Live.Except(arrived).ToArray();
        var expected = others.Where(server => !server.Status.StandsBy || HasReady(server, version)).ToArray();
        return (arrived, arrived.Length + expected.Length == 0 ? others : expected);
    }

    private static bool HasReady(Server server, int version) =>
        server.Status.Candidate is { IsReady: true } candidate && candidate.Version == version;

    /// <summary>What became of the requests of both versions since a step began, on all servers together: also on those
    /// that have ended since. What answers with another version than the rollout's champion has compared the candidate
    /// with something else.</summary>
    /// <returns>Null where no server has counted any.</returns>
    public (TrafficCounts Champion, TrafficCounts Candidate)? Counts(ActiveRollout rollout) => Servers
        .Where(server => server.Status.Version == rollout.Started.Champion)
        .Select(server => server.Status.Candidate)
        .OfType<CandidateStatus>()
        .Where(candidate => candidate.Rollout == rollout.Id && candidate.Step == rollout.Last.Position)
        .Aggregate(
            ((TrafficCounts, TrafficCounts)?)null,
            (sum, one) => sum is var (champion, candidate)
                ? (champion.Plus(one.Champion), candidate.Plus(one.Own))
                : (one.Champion, one.Own));

    // Null for what an earlier program left behind: it counts for nothing, and nobody can start it anew.
    private static Server? Read(ServerReport report, DateTimeOffset now)
    {
        try
        {
            return new(report.Server, ServerStatus.FromJson(report.Content), now - report.Age);
        }
        catch (FormatException) when (report.IsSilent)
        {
            return null;
        }
        catch (FormatException e)
        {
            throw new RolloutException(
                $"Server {report.Server} of '{report.Environment}' runs another MLBuild than this build: {e.Message} " +
                "Start it anew from this revision.", e);
        }
    }
}

/// <summary>A process that serves.</summary>
/// <param name="ReportedUtc">By the clock of whoever looks: its own, and the database's, may show another time.</param>
public sealed record Server(string Name, ServerStatus Status, DateTimeOffset ReportedUtc)
{
    /// <summary><c>web1 (process 4711)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Status.Machine} (process {Status.Process})");
}

/// <summary>A rollout cannot go on as it is. Nothing was changed.</summary>
public sealed class RolloutException(string message, Exception? inner = null) : Exception(message, inner);
