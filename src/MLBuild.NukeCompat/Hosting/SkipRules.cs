using Nuke.Common;
using Nuke.Common.Execution;

namespace MLBuild.NukeCompat;

/// <summary>Decides which planned targets are skipped, and what their skipping takes along.</summary>
internal sealed class SkipRules(NukeBuild build)
{
    /// <summary>Applies --skip: the named targets, or all when there are no names. Invoked targets stay.</summary>
    public void SkipNamed(IReadOnlyCollection<string> names)
    {
        foreach (var target in build.ExecutionPlan)
            if (names.Count == 0 || names.Any(name => TargetNames.AreEqual(name, target.Name)))
                Skip(target, "via parameter");
    }

    /// <summary>Applies the conditions that are known before anything runs.</summary>
    public void ApplyStaticConditions()
    {
        foreach (var target in build.ExecutionPlan)
            Holds(target, target.StaticConditions);
    }

    /// <summary>Asks all conditions; when one does not hold, the target is skipped and its remark says which.</summary>
    public bool Holds(ExecutableTarget target, List<(string Text, Func<bool> Delegate)> conditions)
    {
        var unmet = new List<string>();
        foreach (var (text, holds) in conditions)
        {
            if (!holds())
                unmet.Add(Text(text));
        }
        if (unmet.Count > 0)
        {
            target.OnlyWhen = string.Join(" && ", unmet);
            Skip(target, reason: null);
        }
        return target.OnlyWhen == null;
    }

    /// <summary>The text of a condition without the head of its lambda: <c>() => IsDue</c> is IsDue.</summary>
    public static string Text(string condition) =>
        condition.StartsWith("() =>", StringComparison.Ordinal) ? condition["() =>".Length..].Trim() : condition;

    private void Skip(ExecutableTarget target, string? reason)
    {
        if (target.Status != ExecutionStatus.Scheduled)
            return;
        if (!target.Invoked)
        {
            target.Status = ExecutionStatus.Skipped;
            target.Skipped ??= reason;
        }
        if (target.DependencyBehavior == DependencyBehavior.Execute)
            return;
        var unneeded = target.ExecutionDependencies.Concat(target.Triggers)
            .Where(dependency => dependency.Status == ExecutionStatus.Scheduled && !IsNeededBeside(target, dependency))
            .ToList();
        foreach (var dependency in unneeded)
            Skip(dependency, $"because of {target.Name}");
    }

    private bool IsNeededBeside(ExecutableTarget target, ExecutableTarget dependency) =>
        build.ScheduledTargets
            .Where(other => other != target)
            .Any(other => other.ExecutionDependencies.Contains(dependency) || other.Triggers.Contains(dependency));
}
