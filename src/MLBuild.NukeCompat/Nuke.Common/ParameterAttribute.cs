#nullable disable
using System.Reflection;
using MLBuild.NukeCompat;
using Nuke.Common.ValueInjection;

namespace Nuke.Common;

/// <summary>Makes a field or property a parameter: a switch of the command line, an environment variable, or an
/// entry of .nuke/parameters.json, whichever is found first.</summary>
public class ParameterAttribute : ValueInjectionAttributeBase
{
    public ParameterAttribute(string description = null) => Description = description;

    public virtual string Description { get; }

    /// <summary>Replaces the member's name.</summary>
    public string Name { get; set; }

    /// <summary>One character that parts the values of an array, so that they need only one argument.</summary>
    public string Separator { get; set; }

    /// <summary>Whether --help shows it.</summary>
    public virtual bool List { get; set; } = true;

    /// <summary>For completion, which this host itself does not offer.</summary>
    public Type ValueProviderType { get; set; }

    /// <summary>For completion, which this host itself does not offer.</summary>
    public string ValueProviderMember { get; set; }

    public override object GetValue(MemberInfo member, object instance) =>
        Invocation.Current.Parameters.Value(Parameter.Of(member));

    public virtual IEnumerable<(string, object)> GetValueSet(MemberInfo member, object instance) => null;
}

/// <summary>The build does not start while the member has no value.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class RequiredAttribute : Attribute;

/// <summary>A value that cannot be injected is no reason to warn.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class OptionalAttribute : Attribute;

/// <summary>The value is not shown in any message of this host.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public class SecretAttribute : Attribute;

/// <summary>Stands before the names of a component's parameters: Data and Source are <c>--data-source</c>.</summary>
[AttributeUsage(AttributeTargets.Interface, AllowMultiple = false, Inherited = false)]
public class ParameterPrefixAttribute : Attribute
{
    public ParameterPrefixAttribute(string prefix) =>
        Prefix = prefix.EndsWith("Prefix", StringComparison.Ordinal) ? prefix[..^"Prefix".Length] : prefix;

    public string Prefix { get; }
}
