#nullable disable
using Nuke.Common.Execution;

namespace Nuke.Common;

/// <summary>A step of the build, declared as a property of the build class or of a component interface.</summary>
public delegate ITargetDefinition Target(ITargetDefinition definition);

/// <summary>A target that prepares the context of <see cref="ITargetDefinition.DependsOnContext{T}"/>.</summary>
public delegate ITargetDefinition Setup(ITargetDefinition definition);

/// <summary>A target that clears up after a <see cref="Setup"/>, also when a target between them failed.</summary>
public delegate ITargetDefinition Cleanup(ITargetDefinition definition);

/// <summary>Asks lists such as <see cref="INukeBuild.FailedTargets"/> for a target of the build class.</summary>
public static class ExecutableTargetExtensions
{
    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Target target) =>
        HasFactory(targets, target);

    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Setup target) =>
        HasFactory(targets, target);

    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Cleanup target) =>
        HasFactory(targets, target);

    private static bool HasFactory(IEnumerable<ExecutableTarget> targets, Delegate factory) =>
        targets.Any(target => target.Factory.Equals(factory));
}
