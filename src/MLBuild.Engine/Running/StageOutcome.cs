using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>How asking for a stage ended.</summary>
public abstract record StageOutcome(StageName Stage)
{
    /// <summary>All units that were asked for have their outputs.</summary>
    public sealed record Done(StageName Stage, IReadOnlyList<UnitResult> Units) : StageOutcome(Stage)
    {
        /// <summary>Partitions that would have run, had the build not been limited to others.</summary>
        public IReadOnlyList<StageUnit> LeftOut { get; init; } = [];

        /// <summary>True if the stage was left alone: these are its last results, of whatever recipe.</summary>
        public bool IsLastResult { get; init; }

        /// <summary>True if any of its code ran.</summary>
        public bool Ran => Units.Any(unit => unit.Verdict.Runs);
    }

    /// <summary>Some unit failed; what its siblings finished is kept.</summary>
    public sealed record Failed(StageName Stage, StageFailedException Failure) : StageOutcome(Stage);

    /// <summary>It was not started, because a stage that it reads has no result or the build is ending.</summary>
    public sealed record NotRun(StageName Stage, string Because) : StageOutcome(Stage);
}

/// <summary>What became of one piece of work.</summary>
/// <param name="Duration">Of this run; for a unit that did not run, zero.</param>
/// <param name="From">The units whose outputs it read.</param>
public sealed record UnitResult(
    StageUnit Unit,
    Verdict Verdict,
    ActionRecord Record,
    TimeSpan Duration,
    IReadOnlyList<UnitResult> From);

/// <summary>A stage's work failed. The message is for the person who has to mend it; where to read more is in it.
/// </summary>
public sealed class StageFailedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Hosts print this: the message alone. The stack is in the failed stage's log.</summary>
    public override string ToString() => Message;
}
