#nullable disable
namespace Nuke.Common.Execution;

/// <summary>Something on the build class that hears of its events. The highest priority hears first.</summary>
public interface IBuildExtension
{
    float Priority { get; }
}

/// <summary>Base of the attributes that extend a build. Put on the build class or a class it derives from.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class BuildExtensionAttributeBase : Attribute, IBuildExtension
{
    public INukeBuild Build { get; internal set; }
    public virtual float Priority { get; set; }
}

/// <summary>Targets are defined, parameters have values; the plan is not made.</summary>
public interface IOnBuildCreated : IBuildExtension
{
    void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets);
}

/// <summary>The plan is made; nothing is skipped and no requirement checked.</summary>
public interface IOnBuildInitialized : IBuildExtension
{
    void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan);
}

/// <summary>A target's remarks were replaced by <see cref="INukeBuild.ReportSummary"/> or by its failure.</summary>
public interface IOnTargetSummaryUpdated : IBuildExtension
{
    void OnTargetSummaryUpdated(INukeBuild build, ExecutableTarget target);
}

public interface IOnTargetSkipped : IBuildExtension
{
    void OnTargetSkipped(ExecutableTarget target);
}

public interface IOnTargetRunning : IBuildExtension
{
    void OnTargetRunning(ExecutableTarget target);
}

public interface IOnTargetSucceeded : IBuildExtension
{
    void OnTargetSucceeded(ExecutableTarget target);
}

public interface IOnTargetFailed : IBuildExtension
{
    void OnTargetFailed(ExecutableTarget target);
}

/// <summary>The summary was printed; also after an interruption, then from the thread that heard of it.</summary>
public interface IOnBuildFinished : IBuildExtension
{
    void OnBuildFinished();
}
