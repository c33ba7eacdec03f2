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
        Tie(targets);
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
        var factory = (Delegate?)property.GetValue(build) ?? throw new BuildRefused($"Target " +
            $"'{ShortName(property)}' is null. Write a target as: Target {ShortName(property)} => _ => _.Executes(…);");
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

    private static void Tie(List<ExecutableTarget> targets)
    {
        var byFactory = new Dictionary<Delegate, ExecutableTarget>(new ByMethod());
        foreach (var target in targets)
            byFactory.TryAdd(target.Factory, target);
        // Each relation can be declared at either end: A.DependsOn(B) is B.DependentFor(A).
        Relate(definition => definition.DependsOnTargets, definition => definition.DependentForTargets,
            target => target.ExecutionDependencies);
        Relate(definition => definition.AfterTargets, definition => definition.BeforeTargets,
            target => target.OrderDependencies);
        Relate(definition => definition.TriggeredByTargets, definition => definition.TriggersTargets,
            target => target.TriggerDependencies);
        Relate(definition => definition.TriggersTargets, definition => definition.TriggeredByTargets,
            target => target.Triggers);
        foreach (var target in targets)
        {
            if (target.AllDependencies.Concat(target.Triggers).Contains(target))
                throw new BuildRefused($"Target '{target.Name}' depends on itself.");
            if (target.Factory is Setup)
                Pair(target, targets);
            foreach (var (factory, artifacts) in target.Definition.Consumed)
            {
                var producer = Find(factory, target);
                target.ArtifactDependencies.AddRange(
                    producer, artifacts.Length > 0 ? artifacts : producer.ArtifactProducts);
            }
        }

        void Relate(
            Func<TargetDefinition, List<Delegate>> declaredHere, Func<TargetDefinition, List<Delegate>> declaredThere,
            Func<ExecutableTarget, List<ExecutableTarget>> related)
        {
            foreach (var target in targets)
            {
                foreach (var factory in declaredHere(target.Definition))
                    related(target).Add(Find(factory, target));
            }
            foreach (var other in targets)
            {
                foreach (var factory in declaredThere(other.Definition).Distinct())
                {
                    if (byFactory.TryGetValue(factory, out var target) && target != other)
                        related(target).Add(other);
                }
            }
        }

        ExecutableTarget Find(Delegate factory, ExecutableTarget from) => byFactory.GetValueOrDefault(factory)
            ?? throw new BuildRefused(
                $"Target '{from.Name}' refers to a target that is no property of the build. "
                + "Write a target as: Target Name => _ => _…");
    }

    private static void Pair(ExecutableTarget setup, List<ExecutableTarget> all)
    {
        var cleanup = all.FirstOrDefault(other =>
            other.Factory is Cleanup && other.Member.DeclaringType == setup.Member.DeclaringType)
            ?? throw new BuildRefused($"Setup '{setup.Name}' has no Cleanup beside it. Declare one.");
        setup.Triggers.Add(cleanup);
        cleanup.TriggerDependencies.Add(setup);
    }

    // Delegates of one build have the same hash code by themselves: it is that of the build.
    private sealed class ByMethod : IEqualityComparer<Delegate>
    {
        public bool Equals(Delegate? one, Delegate? other) => object.Equals(one, other);

        public int GetHashCode(Delegate factory) => factory.Method.MetadataToken;
    }

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
            // Not by reflection, which makes code of its own for what it reads a second time.
            ? property.GetMethod!.CreateDelegate<Func<Target>>(build)()
            : (Delegate)expression.Compile(preferInterpretation: true).DynamicInvoke(build)!;
}
