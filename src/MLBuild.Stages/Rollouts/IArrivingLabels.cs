using MLBuild.Learning.Rollouts;
using MLBuild.Registry;

namespace MLBuild.Stages.Rollouts;

/// <summary>What the requests of a rollout turned out to be, as it becomes known.</summary>
public interface IArrivingLabels
{
    /// <summary>How wrong both versions were about what is known by now.</summary>
    /// <param name="rollout">The candidate's rows count since its last entry.</param>
    /// <param name="championSince">Those of the champion since then, which may be a step earlier.</param>
    QualityCounts Counts(ActiveRollout rollout, DateTimeOffset championSince);
}
