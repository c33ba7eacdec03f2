using Nuke.Common;

namespace MLBuild.Nuke;

/// <summary>Parameters of every run of a pipeline. A build gets them with <see cref="IInspectArtifacts"/>.</summary>
public interface IRunPipeline : INukeBuild
{
    [Parameter("Partitions to run, such as 2019-*, Fold=3 or Train/Fold=3; others are left as they are.")]
    string[]? Only => TryGetValue(() => Only);

    [Parameter("Says what would run and why, and runs nothing.")]
    bool DryRun => TryGetValue<bool?>(() => DryRun) ?? false;

    // On hosts that have a switch of this name themselves (Engines/StrictArguments.cs lists them), it is read from the
    // environment: STRICT=true.
    [Parameter("A stage whose code reads what it does not declare fails instead of saying so.")]
    bool Strict => TryGetValue<bool?>(() => Strict) ?? false;
}
