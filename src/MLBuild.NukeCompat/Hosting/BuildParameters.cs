using System.Reflection;
using Nuke.Common;
using Nuke.Common.ValueInjection;

namespace MLBuild.NukeCompat;

/// <summary>The members of a build that get values from outside, and giving them those.</summary>
internal sealed class BuildParameters
{
    private readonly NukeBuild _build;
    private readonly List<Injected> _members;

    public BuildParameters(NukeBuild build)
    {
        _build = build;
        var classes = MemberValues.Hierarchy(build.GetType()).TakeWhile(type => type != typeof(NukeBuild)).Reverse();
        _members = [.. classes.Concat(build.GetType().GetInterfaces())
            .SelectMany(type => type.GetFields(MemberValues.Declared).Concat<MemberInfo>(
                type.GetProperties(MemberValues.Declared))
                .Select(member => new Injected(member, member.GetCustomAttribute<ValueInjectionAttributeBase>()!))
                .Where(injected => injected.Attribute is not null)
                // By name, so that what is reported does not depend on how reflection lists members.
                .OrderByDescending(injected => injected.Attribute.Priority)
                .ThenBy(injected => injected.Member.Name, StringComparer.Ordinal))];
    }

    /// <summary>What --help lists and the command line may name; without the switches of the host.</summary>
    public IReadOnlyList<Parameter> All => field ??= [.. _members
        .Where(injected => injected.Attribute is ParameterAttribute)
        .Select(injected => injected.Parameter)
        .DistinctBy(parameter => parameter.Name, StringComparer.OrdinalIgnoreCase)
        .OrderBy(parameter => parameter.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Sets the parameters of the class, tries those of components, and returns what is wrong.</summary>
    public IEnumerable<string> Inject(ParameterValues values)
    {
        foreach (var injected in _members)
        {
            if (injected.Attribute.GetType() != typeof(ParameterAttribute))
                continue;
            var (value, fault) = values.Resolve(injected.Parameter);
            if (fault != null)
                yield return fault;
            else if (value != null && injected.Member.DeclaringType is { IsInterface: false })
                MemberValues.TrySet(injected.Member, _build, value);
        }
    }

    /// <summary>Sets the members whose attributes find values in ways of their own.</summary>
    public void InjectOthers()
    {
        foreach (var (member, attribute) in _members)
        {
            if (attribute.GetType() == typeof(ParameterAttribute) || member.DeclaringType is not { IsInterface: false })
                continue;
            attribute.Build = _build;
            if (attribute.TryGetValue(member, _build) is not { } value)
                continue;
            if (!MemberValues.TypeOf(member).IsInstanceOfType(value))
                throw new BuildRefused(
                    $"{attribute.GetType().Name} gives {member.DeclaringType.Name}.{member.Name} "
                    + $"a {value.GetType().Name}, expected a {MemberValues.TypeOf(member).Name}.");
            MemberValues.TrySet(member, _build, value);
        }
    }

    /// <summary>The members marked [Required] that have no value.</summary>
    public IEnumerable<string> MissingRequired() => _members
        .Where(injected => injected.Member.IsDefined(typeof(RequiredAttribute))
            && Requirements.IsMissing(MemberValues.Get(injected.Member, _build)))
        .Select(injected => injected.Attribute is ParameterAttribute
            ? Requirements.HowToPass($"Required parameter '{injected.Member.Name}'", injected.Parameter)
            : $"Required member '{injected.Member.Name}' got no value from {injected.Attribute.GetType().Name}.");

    // Not a tuple: generic code over value types would have to be compiled at each start.
    private sealed record Injected(MemberInfo Member, ValueInjectionAttributeBase Attribute)
    {
        public Parameter Parameter => field ??= Parameter.Of(Member, (ParameterAttribute)Attribute);
    }
}
