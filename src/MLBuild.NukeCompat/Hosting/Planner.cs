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
        var nodes = new Dictionary<ExecutableTarget, Node>(targets.Count);
        var declared = new Node[targets.Count];
        foreach (var target in targets)
            nodes[target] = declared[nodes.Count] = new(target, nodes.Count);
        foreach (var node in declared)
        {
            foreach (var dependency in node.Target.AllDependencies)
                nodes[dependency].Dependents++;
        }
        var order = new List<ExecutableTarget>(declared.Length);
        // The first in order of declaration that nobody left depends on.
        for (var i = 0; order.Count < declared.Length;)
        {
            if (i == declared.Length)
                throw new BuildRefused(Circle([.. declared.Where(node => !node.Taken).Select(node => node.Target)]));
            var next = declared[i++];
            if (next.Taken || next.Dependents > 0)
                continue;
            next.Taken = true;
            order.Add(next.Target);
            foreach (var dependency in next.Target.AllDependencies)
            {
                if (--nodes[dependency].Dependents == 0)
                    i = Math.Min(i, nodes[dependency].Position);
            }
        }
        return order;
    }

    private sealed class Node(ExecutableTarget target, int position)
    {
        public ExecutableTarget Target => target;
        public int Position => position;
        public int Dependents { get; set; }
        public bool Taken { get; set; }
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
