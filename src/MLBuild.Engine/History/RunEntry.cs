namespace MLBuild.Engine.History;

/// <summary>One run of stages, as the journal keeps it: what was asked for, how it ended, and what became of each piece
/// of work.</summary>
/// <param name="Id">Begins with the moment at which the run began, so that ids sort by time.</param>
/// <param name="Units">In the order in which they ended, then those that are told together. Of a run that goes on or
/// was killed: those that did something and had ended by then.</param>
public sealed record RunEntry(string Id, RunStart Start, RunState State, IReadOnlyList<RunUnit> Units)
{
    /// <summary>Null while it runs, and if it was killed.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The first line of what failed; null unless it failed.</summary>
    public string? Failure { get; init; }

    /// <summary>What was not done again, by the durations of when it was.</summary>
    public TimeSpan Saved => new(Units.Sum(unit => unit.Saved.Ticks));
}

/// <summary>How a run was begun.</summary>
/// <param name="Command">Targets and parameters as they were given; secrets are <c>***</c>.</param>
/// <param name="Host">The build server's name, or the machine's.</param>
/// <param name="Commit">The git commit that was checked out; null outside a repository.</param>
public sealed record RunStart(DateTimeOffset BeganAt, string Command, string Host, string? Commit);

/// <summary>How a run ended, if it did.</summary>
public enum RunState
{
    Succeeded,

    Failed,

    /// <summary>Somebody stopped it, by Ctrl+C say, and it ended in order.</summary>
    Interrupted,

    /// <summary>Its process died before it could say how it ended.</summary>
    Killed,

    Running,
}

/// <summary>What became of a piece of work in a run.</summary>
/// <param name="Partition">Null for a stage without partitions, and for several that are told together.</param>
public sealed record RunUnit(string Stage, string? Partition, UnitFate Fate)
{
    /// <summary>More than 1 for partitions of a stage that were up to date or did not run, which are told
    /// together.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Why it ran, or did not; empty for what was up to date.</summary>
    public string Because { get; init; } = "";

    /// <summary>Null where it is not known, and for several.</summary>
    public Store.ContentHash? Fingerprint { get; init; }

    /// <summary>How long it worked in this run.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How long the work took that was not done again.</summary>
    public TimeSpan Saved { get; init; }

    /// <summary>The first line of its failure.</summary>
    public string? Failure { get; init; }

    /// <summary><c>Train</c>, <c>Ingest/2019-02</c>.</summary>
    public string Name => Partition is null ? Stage : $"{Stage}/{Partition}";
}

/// <summary>What can become of a piece of work in a run.</summary>
public enum UnitFate
{
    UpToDate,
    Restored,
    Ran,
    Failed,
    Frozen,

    /// <summary>Not among the partitions that the run was limited to.</summary>
    LeftOut,

    /// <summary>Something that it reads had no result, or the run was ending.</summary>
    NotRun,
}
