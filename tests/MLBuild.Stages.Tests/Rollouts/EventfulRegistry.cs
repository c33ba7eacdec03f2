using System.Reflection;
using MLBuild.Registry;

namespace MLBuild.Stages.Tests.Rollouts;

/// <summary>A registry with which something happens before or after each call, by its name.</summary>
public class EventfulRegistry : DispatchProxy
{
    private IModelRegistry _registry = null!;
    private Action<string> _before = null!;
    private Action<string> _after = null!;

    internal static IModelRegistry Of(
        IModelRegistry registry, Action<string>? before = null, Action<string>? after = null)
    {
        var proxy = Create<IModelRegistry, EventfulRegistry>();
        var eventful = (EventfulRegistry)(object)proxy;
        (eventful._registry, eventful._before, eventful._after) = (registry, before ?? (_ => { }), after ?? (_ => { }));
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _before(targetMethod!.Name);
        var answer = targetMethod.Invoke(_registry, BindingFlags.DoNotWrapExceptions, null, args, null);
        _after(targetMethod.Name);
        return answer;
    }
}
