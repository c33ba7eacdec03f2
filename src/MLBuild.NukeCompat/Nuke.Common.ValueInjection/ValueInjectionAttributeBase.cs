#nullable disable
using System.Reflection;
using MLBuild.NukeCompat;
using Nuke.Common.Execution;
using Serilog;

namespace Nuke.Common.ValueInjection;

/// <summary>Base of the attributes that give members of the build class their values.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class ValueInjectionAttributeBase : Attribute
{
    public INukeBuild Build { get; internal set; }

    /// <summary>The value, or null with a warning when it cannot be had.</summary>
    public object TryGetValue(MemberInfo member, object instance)
    {
        try
        {
            return GetValue(member, instance);
        }
        catch (Exception exception) when (exception is not BuildRefused)
        {
            if (!SuppressWarnings && !member.IsDefined(typeof(OptionalAttribute)))
                Log.Warning(exception, "{Type}.{Member} keeps its default: its value could not be had",
                    member.DeclaringType?.Name, member.Name);
            return null;
        }
    }

    public abstract object GetValue(MemberInfo member, object instance);

    /// <summary>Among the members of one class, the highest is injected first.</summary>
    public virtual int Priority => 0;

    public virtual bool SuppressWarnings => false;

    /// <summary>The value of another member of the build, by name.</summary>
    protected T GetMemberValue<T>(string memberName, object instance)
    {
        var member = MemberValues.Find(instance.GetType(), memberName)
            ?? throw new InvalidOperationException($"{instance.GetType().Name} has no member '{memberName}'.");
        return MemberValues.Get(member, instance) switch
        {
            T value => value,
            null => default,
            var other => throw new InvalidOperationException(
                $"{instance.GetType().Name}.{memberName} is a {other.GetType().Name}, expected a {typeof(T).Name}.")
        };
    }

    protected T GetMemberValueOrNull<T>(string memberName, object instance) =>
        memberName != null ? GetMemberValue<T>(memberName, instance) : default;
}
