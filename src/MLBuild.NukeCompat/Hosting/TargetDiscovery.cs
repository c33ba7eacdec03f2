using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common;
using Nuke.Common.Execution;

namespace MLBuild.NukeCompat;

/// <summary>Finds the targets of a build, evaluates their definitions and ties their dependencies.</summary>
internal static class TargetDiscovery
{
    private const BindingFlags Inherited = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>All targets, in order of declaration: those of the class, then those of components.</summary>
    public static IReadOnlyList<ExecutableTarget> TargetsOf(NukeBuild build, IEnumerable<LambdaExpression> defaults)
    {
        var defaultTargets = defaults.Select(expression => ValueOf(expression, build)).ToList();
        var targets = Properties(build.GetType())
            .Select(property => Create(build, property, defaultTargets)).ToList();
        foreach (var target in targets)
            Tie(target, targets);
        return targets;
    }

    public static string ShortName(PropertyInfo property) => property.Name[(property.Name.LastIndexOf('.') + 1)..];

    /// <summary>What the property itself says, not what a class further down overrides it with.</summary>
    public static Target OwnDefinition(PropertyInfo property, NukeBuild build)
    {
        var getter = property.GetMethod!;
        if (getter.IsAbstract)
            throw new BuildRefused($"{property.DeclaringType?.Name}.{property.Name} has no definition to inherit.");
        // A delegate on the getter's own code; one made by reflection would call the override.
        var read = (Func<Target>)Activator.CreateInstance(
            typeof(Func<Target>), build, getter.MethodHandle.GetFunctionPointer())!;
        return read();
    }

    private static ExecutableTarget Create(NukeBuild build, PropertyInfo property, List<Delegate> defaultTargets)
    {
        var definition = new TargetDefinition(build, property);
        var factory = (Delegate)property.GetValue(build)!;
        switch (factory)
        {
            case Target target:
                target(definition);
                break;
            case Setup setup:
                setup(definition);
                break;
            case Cleanup cleanup:
                cleanup(definition);
                break;
        }
        return new ExecutableTarget
        {
            Definition = definition,
            Member = property,
            Name = definition.Name,
            Description = definition.Text,
            Listed = !definition.IsUnlisted,
            Factory = factory,
            IsDefault = defaultTargets.Contains(factory),
            Actions = definition.Actions,
            DynamicConditions = definition.DynamicConditions,
            StaticConditions = definition.StaticConditions,
            DependencyBehavior = definition.WhenSkippedBehavior,
            AssuredAfterFailure = definition.IsAssured || factory is Cleanup,
            ProceedAfterFailure = definition.IsProceeding,
            DelegateRequirements = definition.Requirements,
            ArtifactProducts = definition.Artifacts,
            PartitionSize = definition.PartitionSize
        };
    }

    private static void Tie(ExecutableTarget target, List<ExecutableTarget> all)
    {
        var definition = target.Definition;
        // Each relation can be declared at either end: A.DependsOn(B) is B.DependentFor(A).
        IEnumerable<ExecutableTarget> Related(
            List<Delegate> declaredHere, Func<TargetDefinition, List<Delegate>> declaredThere) =>
            declaredHere.Select(factory => Find(factory, target, all))
                .Concat(all.Where(other =>
                    other != target && declaredThere(other.Definition).Contains(target.Factory)));

        target.ExecutionDependencies.AddRange(Related(definition.DependsOnTargets, other => other.DependentForTargets));
        target.OrderDependencies.AddRange(Related(definition.AfterTargets, other => other.BeforeTargets));
        target.TriggerDependencies.AddRange(Related(definition.TriggeredByTargets, other => other.TriggersTargets));
        target.Triggers.AddRange(Related(definition.TriggersTargets, other => other.TriggeredByTargets));
        if (target.AllDependencies.Concat(target.Triggers).Contains(target))
            throw new BuildRefused($"Target '{target.Name}' depends on itself.");
        if (target.Factory is Setup)
        {
            var cleanup = all.FirstOrDefault(other =>
                other.Factory is Cleanup && other.Member.DeclaringType == target.Member.DeclaringType)
                ?? throw new BuildRefused($"Setup '{target.Name}' has no Cleanup beside it. Declare one.");
            target.Triggers.Add(cleanup);
            cleanup.TriggerDependencies.Add(target);
        }
        foreach (var (factory, artifacts) in definition.Consumed)
        {
            var producer = Find(factory, target, all);
            target.ArtifactDependencies.AddRange(
                producer, artifacts.Length > 0 ? artifacts : producer.ArtifactProducts);
        }
    }

    private static ExecutableTarget Find(Delegate factory, ExecutableTarget from, List<ExecutableTarget> all) =>
        all.FirstOrDefault(target => target.Factory.Equals(factory))
        ?? throw new BuildRefused(
            $"Target '{from.Name}' refers to a target that is no property of the build. "
            + "Write a target as: Target Name => _ => _…");

    private static IEnumerable<PropertyInfo> Properties(Type type)
    {
        var own = type.GetProperties(Inherited)
            .Where(property => IsTarget(property) && !property.Name.Contains('.'))
            .DistinctBy(property => property.Name).ToList();
        var components = type.GetInterfaces()
            .SelectMany(component => component.GetProperties(Inherited))
            .Where(property => IsTarget(property) && !property.Name.Contains('.'))
            .GroupBy(property => property.Name);
        foreach (var component in components)
        {
            var implementation = own.Find(property => property.Name == component.Key);
            if (implementation == null)
                own.Add(MostDerived(component.Key, [.. component], type));
            else if (!implementation.GetMethod!.IsPublic)
                throw new BuildRefused(
                    $"Target '{component.Key}' of {type.Name} is not public, so it does not replace the one of "
                    + $"{component.First().DeclaringType?.Name}. Make it public, or give it another name.");
        }
        return own;
    }

    private static PropertyInfo MostDerived(string name, IReadOnlyList<PropertyInfo> candidates, Type type) =>
        candidates.FirstOrDefault(candidate => candidates.All(other =>
            other.DeclaringType!.IsAssignableFrom(candidate.DeclaringType)))
        ?? throw new BuildRefused(
            $"Target '{name}' comes from {string.Join(" and ", candidates.Select(one => one.DeclaringType?.Name))}. "
            + $"Declare it in {type.Name} to say which is meant: "
            + $"public Target {name} => _ => _.Inherit<…>(x => x.{name});");

    private static bool IsTarget(PropertyInfo property) =>
        property.PropertyType == typeof(Target)
        || property.PropertyType == typeof(Setup)
        || property.PropertyType == typeof(Cleanup);

    // Almost always x => x.Name; compiling an expression would cost more than the rest of the start.
    private static Delegate ValueOf(LambdaExpression expression, NukeBuild build) =>
        expression.Body is MemberExpression { Member: PropertyInfo property }
            ? (Delegate)property.GetValue(build)!
            : (Delegate)expression.Compile(preferInterpretation: true).DynamicInvoke(build)!;
}
