using Nuke.Common;

namespace MLBuild.Nuke;

/// <summary>Parameters of every run.</summary>
public interface IRunPipeline : INukeBuild
{
    [Parameter("Says what would run and why, and runs nothing.")]
    bool DryRun => TryGetValue<bool?>(() => DryRun) ?? false;
}
