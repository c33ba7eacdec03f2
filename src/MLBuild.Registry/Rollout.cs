namespace MLBuild.Registry;

/// <summary>How a candidate takes the place of the version that serves.</summary>
public enum RolloutStrategy
{
    /// <summary>It gets a part of the requests, which grows step by step.</summary>
    Canary,

    /// <summary>Every server loads it and has it ready; then it gets all requests at once.</summary>
    BlueGreen,

    /// <summary>It scores the requests too, and its answers go to nobody.</summary>
    Shadow,
}

/// <summary>What an entry of a rollout's log says.</summary>
public enum RolloutChange
{
    /// <summary>Servers load the candidate.</summary>
    Started,

    /// <summary>The candidate gets another part of the requests.</summary>
    Shared,

    /// <summary>The candidate serves: the deployment was written with this entry. Ends the rollout.</summary>
    Promoted,

    /// <summary>The version that served before gets all requests again. Ends the rollout.</summary>
    RolledBack,
}

/// <summary>One entry of an environment's append-only log of rollouts.</summary>
/// <param name="Position">1, 2, 3… per model and environment. It orders the log; two clocks may not.</param>
/// <param name="Champion">The version that serves while the rollout goes on.</param>
/// <param name="Percent">The part of the requests that the candidate gets from this entry on.</param>
/// <param name="ForcedReason">Why the candidate's gate was overridden; null when nobody asked for that.</param>
public sealed record RolloutEntry(
    string ModelName,
    string Environment,
    int Position,
    RolloutChange Change,
    int Candidate,
    int Champion,
    RolloutStrategy Strategy,
    int Percent,
    string? ForcedReason,
    string Who,
    string Why,
    DateTimeOffset RecordedUtc);

/// <summary>A rollout that has begun and not ended.</summary>
/// <param name="Started">Its first entry, whose position names the rollout.</param>
/// <param name="Last">Its latest entry: what the candidate gets now, and since when.</param>
public sealed record ActiveRollout(RolloutEntry Started, RolloutEntry Last)
{
    public int Id => Started.Position;

    public int Candidate => Started.Candidate;

    public RolloutStrategy Strategy => Started.Strategy;

    public int Percent => Last.Percent;

    /// <summary>Replays a log.</summary>
    /// <param name="log">In order.</param>
    /// <returns>The rollout under way; null where there is none.</returns>
    public static ActiveRollout? Of(IEnumerable<RolloutEntry> log) =>
        log.Aggregate((ActiveRollout?)null, (active, entry) => entry.Change switch
        {
            RolloutChange.Started => new(entry, entry),
            RolloutChange.Shared => active! with { Last = entry },
            _ => null,
        });
}

/// <summary>The wish to begin, continue or end a rollout.</summary>
/// <param name="Number">The candidate.</param>
/// <param name="Who">The person or build that wishes it.</param>
/// <param name="Why">A sentence for the log: at the end of a step, what it was judged by.</param>
public sealed record RolloutRequest(
    string ModelName, string Environment, int Number, RolloutChange Change, string Who, string Why)
{
    /// <summary>Of a rollout to be started.</summary>
    public RolloutStrategy Strategy { get; init; } = RolloutStrategy.Canary;

    /// <summary>What the candidate gets from now on, 0 to 100. Of a rollout to be started or shared anew.</summary>
    public int Percent { get; init; }

    /// <summary>The position of the entry that was the last when this was decided; null for whatever it is. Two that
    /// watch one rollout do not take a step twice.</summary>
    public int? ExpectedPosition { get; init; }

    /// <summary>What must serve for a rollout to start: the champion that the gate compared with.</summary>
    public ExpectedServing Expected { get; init; } = new ExpectedServing.Anything();

    /// <summary>Given by a person who takes responsibility for a version whose gate did not pass: when the rollout
    /// starts, or when it is promoted after an evaluation that the gate did not pass.</summary>
    public GateOverride? Override { get; init; }
}

/// <summary>What asking for a change of a rollout did.</summary>
public abstract record RolledOut
{
    private RolledOut(RolloutEntry entry) => Entry = entry;

    public RolloutEntry Entry { get; }

    public sealed record Changed(RolloutEntry Entry) : RolledOut(Entry);

    /// <summary>It is so already, since <see cref="RolledOut.Entry"/>: nothing was written.</summary>
    public sealed record Unchanged(RolloutEntry Entry) : RolledOut(Entry);
}

/// <summary>What servers of an environment are to do: read at one moment, so that no version of one state meets a
/// share of another.</summary>
/// <param name="Serving">What gets all requests that the candidate does not get.</param>
/// <param name="Rollout">Null where none is under way.</param>
/// <param name="Candidate">The version that the rollout is about; null where there is none.</param>
public sealed record DesiredState(Served Serving, ActiveRollout? Rollout, ModelVersion? Candidate);

/// <summary>What one server said last of itself. Unlike everything else in a registry it is state, not history: each
/// report replaces the one before.</summary>
/// <param name="Server">Names a process: another one on the same machine is another server.</param>
/// <param name="Content">What it says; the registry keeps it as it is.</param>
/// <param name="Age">For how long it has said nothing since, by the clock of the database: those of two machines may
/// differ.</param>
public sealed record ServerReport(
    string ModelName, string Environment, string Server, string Content, TimeSpan Age)
{
    /// <summary>A server that has said nothing for so long is taken for gone. They report every few seconds.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(30);

    public bool IsSilent => Age >= SilentAfter;
}
