using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Rollouts;

/// <summary>How wrong both versions of a rollout were about rows whose labels have arrived, of different keys, since a
/// step began.</summary>
/// <param name="Loss">What the mean of the losses is called: <c>mean absolute error</c>.</param>
/// <param name="Champion">At 100 % of the step before, too.</param>
public sealed record QualityCounts(string Loss, RunningMoments Champion, RunningMoments Candidate);
