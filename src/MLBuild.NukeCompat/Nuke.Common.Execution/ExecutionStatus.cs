namespace Nuke.Common.Execution;

/// <summary>What became of a target.</summary>
public enum ExecutionStatus
{
    /// <summary>Not in the plan.</summary>
    None,

    /// <summary>Its turn has not come.</summary>
    Scheduled,

    /// <summary>The build ended before its turn came.</summary>
    NotRun,

    Skipped,
    Succeeded,
    Failed,
    Running,

    /// <summary>Running when the build was interrupted.</summary>
    Aborted,

    /// <summary>Passed; it has no actions and no row in the summary.</summary>
    Collective
}
