using Nuke.Common.Execution;

namespace MLBuild.NukeCompat;

/// <summary>The answer to --plan: what would run, in order, and what would be skipped. Conditions that are asked when
/// a target's turn comes are shown, not asked.</summary>
internal static class PlanText
{
    public static IEnumerable<string> Lines(IReadOnlyCollection<ExecutableTarget> plan)
    {
        yield return plan.Count == 1 ? "Plan (1 target):" : $"Plan ({plan.Count} targets, in this order):";
        yield return "";
        var width = plan.Max(target => target.Name.Length);
        foreach (var target in plan)
            yield return $"  {target.Name.PadRight(width)}{Dependencies(target)}{Remarks(target)}".TrimEnd();
        yield return "";
    }

    private static string Dependencies(ExecutableTarget target) => target.ExecutionDependencies.Count == 0
        ? ""
        : $" -> {string.Join(", ", target.ExecutionDependencies.Select(dependency => dependency.Name))}";

    private static string Remarks(ExecutableTarget target)
    {
        var remark = target switch
        {
            { OnlyWhen: { } condition } => $"skipped, only when {condition}",
            { Status: ExecutionStatus.Skipped } => $"skipped {target.Skipped}",
            { Actions.Count: 0 } => "groups only",
            { DynamicConditions: { Count: > 0 } conditions } =>
                "only when " + string.Join(" && ", conditions.Select(condition => SkipRules.Text(condition.Text))),
            _ => null
        };
        return remark == null ? "" : "   // " + remark;
    }
}
