using MLBuild.Engine.Running;
using MLBuild.Store;
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
        CheckArguments();
        var stages = executableTargets.Where(target => target.StageOf() is not null)
            .ToDictionary(target => target, target => target.StageOf()!);
        var pipeline = new Pipeline(stages.Select(pair => pair.Value.Build(Build, pair.Key, executableTargets)));
        _session = PipelineSession.Open(Build, pipeline);
        foreach (var (target, stage) in stages)
        {
            stage.Session = _session;
            _session.Add(target, stage);
            var others = target.Actions.Where(action => action.Target != stage).ToArray();
            target.Actions.Clear();
            target.Actions.Add(() => _session.Await(stage));
            target.Actions.AddRange(others);
        }
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

    public void OnBuildFinished() => _session!.Finish();

    /// <exception cref="Exception">A switch is unknown or a value is wrong; all of them are named.</exception>
    partial void CheckArguments();
}
