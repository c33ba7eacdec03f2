using System.Reflection;
using Nuke.Common;
using Nuke.Common.Execution;

namespace MLBuild.NukeCompat;

/// <summary>Tells extensions and the build itself what happens: by priority, the build's own methods last.</summary>
internal sealed class BuildEvents(NukeBuild build)
{
    /// <summary>The attributes of the class and of those it derives from, highest priority first.</summary>
    public static IReadOnlyList<BuildExtensionAttributeBase> ExtensionsOf(NukeBuild build)
    {
        var extensions = build.GetType().GetCustomAttributes<BuildExtensionAttributeBase>().ToList();
        foreach (var extension in extensions)
            extension.Build = build;
        Sort(extensions, extension => extension.Priority);
        return extensions;
    }

    public void BuildCreated(IReadOnlyCollection<ExecutableTarget> targets)
    {
        Tell<IOnBuildCreated>(extension => extension.OnBuildCreated(targets));
        build.OnBuildCreated();
    }

    /// <summary>Tells of the plan, and takes the host's own steps at their priorities among the extensions.
    /// A step that returns true has answered the caller; then nothing further happens.</summary>
    public bool BuildInitialized(
        IReadOnlyCollection<ExecutableTarget> targets,
        IReadOnlyCollection<ExecutableTarget> plan,
        IEnumerable<InitialStep> hostSteps)
    {
        Func<bool> Telling(IOnBuildInitialized extension) => () =>
        {
            extension.OnBuildInitialized(targets, plan);
            return false;
        };
        var steps = hostSteps.Concat(build.Extensions.OfType<IOnBuildInitialized>()
            .Select(extension => new InitialStep(extension.Priority, Telling(extension)))).ToList();
        Sort(steps, step => step.Priority);
        if (steps.Exists(step => step.Take()))
            return true;
        build.OnBuildInitialized();
        return false;
    }

    public void BuildFinished()
    {
        Tell<IOnBuildFinished>(extension => extension.OnBuildFinished());
        build.OnBuildFinished();
    }

    public void TargetRunning(ExecutableTarget target)
    {
        Tell<IOnTargetRunning>(extension => extension.OnTargetRunning(target));
        build.OnTargetRunning(target.Name);
    }

    public void TargetSkipped(ExecutableTarget target)
    {
        Tell<IOnTargetSkipped>(extension => extension.OnTargetSkipped(target));
        build.OnTargetSkipped(target.Name);
    }

    public void TargetSucceeded(ExecutableTarget target)
    {
        Tell<IOnTargetSucceeded>(extension => extension.OnTargetSucceeded(target));
        build.OnTargetSucceeded(target.Name);
    }

    public void TargetFailed(ExecutableTarget target)
    {
        Tell<IOnTargetFailed>(extension => extension.OnTargetFailed(target));
        build.OnTargetFailed(target.Name);
    }

    public void TargetSummaryUpdated(ExecutableTarget target) =>
        Tell<IOnTargetSummaryUpdated>(extension => extension.OnTargetSummaryUpdated(build, target));

    // Highest first; equals stay in their order. OrderBy over floats would have to be compiled at each start.
    private static void Sort<T>(List<T> items, Func<T, float> priority)
        where T : class
    {
        for (var i = 1; i < items.Count; i++)
        {
            for (var j = i; j > 0 && priority(items[j - 1]) < priority(items[j]); j--)
                (items[j - 1], items[j]) = (items[j], items[j - 1]);
        }
    }

    private void Tell<T>(Action<T> tell)
        where T : IBuildExtension
    {
        foreach (var extension in build.Extensions.OfType<T>())
            tell(extension);
    }
}

/// <summary>Something that happens when the plan is made. True when nothing further is to happen.</summary>
internal sealed record InitialStep(float Priority, Func<bool> Take);
