using Nuke.Common.Execution;

namespace MLBuild.NukeCompat;

/// <summary>Puts the targets that have to run into an order that respects their dependencies.</summary>
internal static class Planner
{
    /// <summary>The invoked targets (the default ones when that is null), what they need and what they trigger.
    /// Targets that nothing orders run in reverse order of declaration, as in NUKE.</summary>
    /// <exception cref="BuildRefused">Some targets, planned or not, depend on each other in a circle.</exception>
    public static IReadOnlyList<ExecutableTarget> Plan(
        IReadOnlyCollection<ExecutableTarget> targets, IReadOnlyCollection<ExecutableTarget>? invoked)
    {
        var order = DependentsFirst(targets);
        var wanted = (invoked ?? targets.Where(target => target.IsDefault)).ToHashSet();
        List<ExecutableTarget> plan;
        do
        {
            // One pass is enough: whoever needs a target stands before it in this order.
            foreach (var target in order.Where(wanted.Contains))
                wanted.UnionWith(target.ExecutionDependencies);
            plan = [.. order.Where(wanted.Contains)];
            wanted.UnionWith(plan.SelectMany(target => target.Triggers));
        } while (wanted.Count > plan.Count);
        plan.Reverse();
        return plan;
    }

    private static List<ExecutableTarget> DependentsFirst(IReadOnlyCollection<ExecutableTarget> targets)
    {
        var left = targets.ToList();
        var dependents = targets.ToDictionary(target => target, _ => 0);
        foreach (var dependency in targets.SelectMany(target => target.AllDependencies))
            dependents[dependency]++;
        var order = new List<ExecutableTarget>(left.Count);
        while (left.Count > 0)
        {
            var next = left.Find(target => dependents[target] == 0)
                ?? throw new BuildRefused(Circle(left));
            left.Remove(next);
            order.Add(next);
            foreach (var dependency in next.AllDependencies)
                dependents[dependency]--;
        }
        return order;
    }

    // Each of these targets has a dependent among them, so walking to dependents must come back to one seen before.
    private static string Circle(List<ExecutableTarget> targets)
    {
        var path = new List<ExecutableTarget> { targets[0] };
        while (true)
        {
            var dependent = targets.First(target => target.AllDependencies.Contains(path[^1]));
            var start = path.IndexOf(dependent);
            path.Add(dependent);
            if (start < 0)
                continue;
            var names = path.Skip(start).Reverse().Select(target => target.Name);
            return $"Targets depend on each other in a circle: {string.Join(" -> ", names)}. "
                + "Remove one of these dependencies.";
        }
    }
}
