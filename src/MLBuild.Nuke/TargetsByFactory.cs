using System.Diagnostics.CodeAnalysis;
using Nuke.Common;
using Nuke.Common.Execution;

namespace MLBuild.Nuke;

/// <summary>Targets by the delegates that the build's properties hold.</summary>
internal sealed class TargetsByFactory
{
    private readonly Dictionary<Delegate, ExecutableTarget> _targets = new(new ByMethod());

    public TargetsByFactory(IReadOnlyCollection<ExecutableTarget> targets)
    {
        foreach (var target in targets)
            _targets.TryAdd(target.Factory, target);
    }

    /// <exception cref="KeyNotFoundException">It is no property of the build.</exception>
    public ExecutableTarget this[Target factory] => _targets[factory];

    // Delegates of one build have the same hash code by themselves: it is that of the build.
    private sealed class ByMethod : IEqualityComparer<Delegate>
    {
        public bool Equals(Delegate? one, Delegate? other) => object.Equals(one, other);

        public int GetHashCode([DisallowNull] Delegate factory) => factory.Method.MetadataToken;
    }
}
