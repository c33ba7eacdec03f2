using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Nuke.Common;
using Nuke.Common.Execution;

namespace MLBuild.NukeCompat;

/// <summary>Records what a target's property says about it. Every call returns the same instance, so extension
/// methods can keep what they know about a target beside it.</summary>
internal sealed class TargetDefinition(NukeBuild build, PropertyInfo property) : ITargetDefinition
{
    // The level of the class hierarchy whose definition runs now; Base() goes one up.
    private Type? _level = property.DeclaringType;

    public string Name => TargetDiscovery.ShortName(property);
    public string? Text { get; private set; }
    public bool IsUnlisted { get; private set; }
    public bool IsAssured { get; private set; }
    public bool IsProceeding { get; private set; }
    public DependencyBehavior WhenSkippedBehavior { get; private set; }
    public int? PartitionSize { get; private set; }
    public List<Action> Actions { get; } = [];
    public List<(string Text, Func<bool> Delegate)> DynamicConditions { get; } = [];
    public List<(string Text, Func<bool> Delegate)> StaticConditions { get; } = [];
    public List<LambdaExpression> Requirements { get; } = [];
    public List<string> Artifacts { get; } = [];
    public List<(Delegate Target, string[] Artifacts)> Consumed { get; } = [];
    public List<Delegate> DependsOnTargets { get; } = [];
    public List<Delegate> DependentForTargets { get; } = [];
    public List<Delegate> BeforeTargets { get; } = [];
    public List<Delegate> AfterTargets { get; } = [];
    public List<Delegate> TriggersTargets { get; } = [];
    public List<Delegate> TriggeredByTargets { get; } = [];

    public ITargetDefinition Description(string description)
    {
        Text = description;
        return this;
    }

    // The delegates are stored as they are: extensions find their own among ExecutableTarget.Actions.
    public ITargetDefinition Executes(params Action[] actions)
    {
        Actions.AddRange(actions);
        return this;
    }

    public ITargetDefinition Executes<T>(Func<T> action)
    {
        Actions.Add(() => action());
        return this;
    }

    public ITargetDefinition Executes(Func<Task> action)
    {
        Actions.Add(() => action().GetAwaiter().GetResult());
        return this;
    }

    public ITargetDefinition OnlyWhenDynamic(
        Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? conditionExpression = null)
    {
        DynamicConditions.Add((conditionExpression ?? "", condition));
        return this;
    }

    public ITargetDefinition OnlyWhenStatic(
        Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? conditionExpression = null)
    {
        StaticConditions.Add((conditionExpression ?? "", condition));
        return this;
    }

    public ITargetDefinition Requires<T>(Expression<Func<T>> first, params Expression<Func<T>>[] others)
        where T : class => Require([first, .. others]);

    public ITargetDefinition Requires<T>(Expression<Func<T?>> first, params Expression<Func<T?>>[] others)
        where T : struct => Require([first, .. others]);

    public ITargetDefinition Requires(Expression<Func<bool>> first, params Expression<Func<bool>>[] others) =>
        Require([first, .. others]);

    public ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior)
    {
        WhenSkippedBehavior = dependencyBehavior;
        return this;
    }

    public ITargetDefinition DependsOn(params Target[] targets) => Add(DependsOnTargets, targets);
    public ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets) => Add(DependsOnTargets, targets);
    public ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets) => TryAdd(DependsOnTargets, targets);
    public ITargetDefinition DependentFor(params Target[] targets) => Add(DependentForTargets, targets);
    public ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets) => Add(DependentForTargets, targets);
    public ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets) =>
        TryAdd(DependentForTargets, targets);
    public ITargetDefinition Before(params Target[] targets) => Add(BeforeTargets, targets);
    public ITargetDefinition Before<T>(params Func<T, Target>[] targets) => Add(BeforeTargets, targets);
    public ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets) => TryAdd(BeforeTargets, targets);
    public ITargetDefinition After(params Target[] targets) => Add(AfterTargets, targets);
    public ITargetDefinition After<T>(params Func<T, Target>[] targets) => Add(AfterTargets, targets);
    public ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets) => TryAdd(AfterTargets, targets);
    public ITargetDefinition Triggers(params Target[] targets) => Add(TriggersTargets, targets);
    public ITargetDefinition Triggers<T>(params Func<T, Target>[] targets) => Add(TriggersTargets, targets);
    public ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets) => TryAdd(TriggersTargets, targets);
    public ITargetDefinition TriggeredBy(params Target[] targets) => Add(TriggeredByTargets, targets);
    public ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets) => Add(TriggeredByTargets, targets);
    public ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets) => TryAdd(TriggeredByTargets, targets);

    public ITargetDefinition AssuredAfterFailure()
    {
        IsAssured = true;
        return this;
    }

    public ITargetDefinition ProceedAfterFailure()
    {
        IsProceeding = true;
        return this;
    }

    public ITargetDefinition Unlisted()
    {
        IsUnlisted = true;
        return this;
    }

    public ITargetDefinition Base()
    {
        var overridden = MemberValues.Hierarchy(_level!).Skip(1)
            .Select(level => level.GetProperty(Name, MemberValues.Declared))
            .FirstOrDefault(candidate => candidate?.PropertyType == typeof(Target))
            ?? throw new BuildRefused(
                $"Target '{Name}' overrides none, so Base() has nothing to apply. "
                + "For the definition of a component write Inherit<IComponent>(x => x." + Name + ").");
        var level = _level;
        _level = overridden.DeclaringType;
        Inherit(TargetDiscovery.OwnDefinition(overridden, build));
        _level = level;
        return this;
    }

    public ITargetDefinition Inherit(params Target[] targets)
    {
        foreach (var target in targets)
            target(this);
        return this;
    }

    public ITargetDefinition Inherit<T>(params Expression<Func<T, Target>>[] targets)
    {
        IEnumerable<MemberInfo> properties =
            targets.Length > 0 ? targets.Select(MemberValues.MemberOf) : [OnlyTargetOf<T>(typeof(Target))];
        return Inherit([.. properties.Select(inherited =>
            TargetDiscovery.OwnDefinition((PropertyInfo)inherited, build))]);
    }

    public ITargetDefinition Produces(params string[] artifacts)
    {
        Artifacts.AddRange(artifacts);
        return this;
    }

    public ITargetDefinition Consumes(params Target[] targets)
    {
        foreach (var target in targets)
            Consumed.Add((target, []));
        return this;
    }

    public ITargetDefinition Consumes<T>(params Func<T, Target>[] targets) =>
        Consumes([.. ComponentTargets(targets).Cast<Target>()]);

    public ITargetDefinition Consumes(Target target, params string[] artifacts)
    {
        Consumed.Add((target, artifacts));
        return this;
    }

    public ITargetDefinition Consumes<T>(Func<T, Target> target, params string[] artifacts) =>
        Consumes((Target)ComponentTargets([target]).Single(), artifacts);

    public ITargetDefinition Consumes<T>(params string[] artifacts) =>
        Consumes((Target)ComponentTargets<T>([]).Single(), artifacts);

    public ITargetDefinition DependsOnContext<T>()
        where T : INukeBuild
    {
        DependsOnTargets.Add((Delegate)OnlyTargetOf<T>(typeof(Setup)).GetValue(build)!);
        BeforeTargets.Add((Delegate)OnlyTargetOf<T>(typeof(Cleanup)).GetValue(build)!);
        return this;
    }

    public ITargetDefinition Partition(int size)
    {
        if (size < 2)
            throw new BuildRefused($"Target '{Name}' has Partition({size}), expected 2 or more.");
        PartitionSize = size;
        return this;
    }

    private TargetDefinition Require(IEnumerable<LambdaExpression> requirements)
    {
        Requirements.AddRange(requirements);
        return this;
    }

    private TargetDefinition Add(List<Delegate> list, Target[] targets)
    {
        list.AddRange(targets);
        return this;
    }

    private TargetDefinition Add<T>(List<Delegate> list, Func<T, Target>[] targets)
    {
        list.AddRange(ComponentTargets(targets));
        return this;
    }

    private TargetDefinition TryAdd<T>(List<Delegate> list, Func<T, Target>[] targets) =>
        build is T ? Add(list, targets) : this;

    private IEnumerable<Delegate> ComponentTargets<T>(Func<T, Target>[] targets) =>
        targets.Length == 0
            ? [(Delegate)OnlyTargetOf<T>(typeof(Target)).GetValue(build)!]
            : [.. targets.Select(target => target(Component<T>()))];

    private T Component<T>() => build is T component
        ? component
        : throw new BuildRefused(
            $"Target '{Name}' names {typeof(T).Name}, which {build.GetType().Name} does not implement. "
            + "Implement it, or use the Try form.");

    private PropertyInfo OnlyTargetOf<T>(Type targetType)
    {
        Component<T>();
        var own = typeof(T).GetProperties().Where(candidate => candidate.PropertyType == targetType).ToList();
        return own.Count == 1
            ? own[0]
            : throw new BuildRefused(
                $"Target '{Name}' names {typeof(T).Name} without saying which target, and it has {own.Count} "
                + $"of type {targetType.Name}, expected 1.");
    }
}
