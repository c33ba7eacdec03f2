using MLBuild.Engine.Stages;
using MLBuild.Nuke.Completion;
using Nuke.Common;
using Nuke.Common.Execution;

namespace MLBuild.Nuke;

/// <summary>Put on the build class, it runs the stages that targets declare. It uses the host's public API only, so it
/// is the same on every host; what a host does not check itself is in Engines.</summary>
public sealed partial class MLPipelineAttribute : BuildExtensionAttributeBase,
    IOnBuildCreated, IOnBuildInitialized, IOnTargetSucceeded, IOnTargetSkipped, IOnTargetFailed, IOnBuildFinished
{
    private PipelineSession? _session;

    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        ConsolePage.BreakAtSpaces();
        CheckArguments();
        var targets = new TargetsByFactory(executableTargets);
        var stages = new List<Stage>();
        foreach (var target in executableTargets)
        {
            if (target.StageOf() is { } stage)
                stages.Add(stage.Build(Build, target, targets));
        }
        _session = PipelineSession.Open(Build, new(stages));
        CompletionFacts.Keep(Build, executableTargets);
        foreach (var target in executableTargets)
        {
            if (target.StageOf() is not { } stage)
                continue;
            _session.Add(target, stage);
            // What else the target does comes behind the stage.
            target.Actions.RemoveAll(action => action.Target == stage);
            target.Actions.Insert(0, () => _session.Await(stage));
        }
        FinishWhenTerminated();
    }

    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        _session!.Planned(executionPlan, Build as IRunPipeline);
        if (Build is IRunPipeline { DryRun: true })
            DryRunPlan.Answer(_session, executionPlan, Build.Verbosity == Verbosity.Verbose);
    }

    public void OnTargetSucceeded(ExecutableTarget target) => _session!.Passed(target);

    public void OnTargetSkipped(ExecutableTarget target) => _session!.Passed(target);

    public void OnTargetFailed(ExecutableTarget target) => _session!.Failed(target);

    public void OnBuildFinished()
    {
        _session!.Finish();
        if (_session.IsInterrupted)
            EndPrograms();
    }

    /// <exception cref="Exception">A switch is unknown or a value is wrong; all of them are named.</exception>
    partial void CheckArguments();

    /// <summary>For hosts that finish a build on Ctrl+C alone.</summary>
    partial void FinishWhenTerminated();

    /// <summary>For hosts that leave running what the targets of an interrupted build have started.</summary>
    partial void EndPrograms();
}
