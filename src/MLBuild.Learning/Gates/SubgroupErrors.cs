using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Gates;

/// <summary>A model's errors on the rows of a subgroup, and on all others.</summary>
public sealed record SubgroupErrors(Slice Subgroup, RunningMoments Inside, RunningMoments Elsewhere);

/// <summary>The subgroups that a search looked at, or why it did not.</summary>
public abstract record SubgroupEvidence
{
    private SubgroupEvidence()
    {
    }

    /// <param name="Subgroups">All of them, the small ones too: how many rows are enough is for the test to
    /// say.</param>
    public sealed record Measured(IReadOnlyList<SubgroupErrors> Subgroups) : SubgroupEvidence;

    /// <param name="Reason">A clause: "3 of 100 rows have an error that is not finite".</param>
    public sealed record Missing(string Reason) : SubgroupEvidence;
}
