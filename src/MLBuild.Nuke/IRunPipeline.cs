using MLBuild.Engine.Inspection;
using Nuke.Common;

namespace MLBuild.Nuke;

/// <summary>Parameters of every run of a pipeline. A build gets them with <see cref="IInspectArtifacts"/>.</summary>
/// <remarks>Hosts have switches of their own, such as <c>--strict</c>, and read each parameter from the environment,
/// where build servers put theirs, such as <c>STAGE</c>: names here are neither.</remarks>
public interface IRunPipeline : INukeBuild
{
    [Parameter("Partitions to run, such as 2019-*, Fold=3 or Train/Fold=3; others are left as they are.")]
    string[]? Only => TryGetValue(() => Only);

    [Parameter("Says what would run and why, and runs nothing.")]
    bool DryRun => TryGetValue<bool?>(() => DryRun) ?? false;

    [Parameter("A stage whose code reads what it does not declare fails instead of saying so.")]
    bool RefuseUndeclared => TryGetValue<bool?>(() => RefuseUndeclared) ?? false;

    /// <summary>What the summary that GitHub Actions shows of a run says of its artifacts, beside which stages
    /// ran.</summary>
    IReadOnlyList<IArtifactSummary> Summaries => [];
}
