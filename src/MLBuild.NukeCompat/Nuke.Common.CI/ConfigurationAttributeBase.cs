#nullable disable
namespace Nuke.Common.CI;

/// <summary>Base of the attributes that describe a workflow of a build server.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class ConfigurationAttributeBase : Attribute
{
    public INukeBuild Build { get; internal set; }

    /// <summary>The value of <c>--generate-configuration</c> that means this one: GitHubActions_ci.</summary>
    public string Id => HostType.Name + (string.IsNullOrEmpty(IdPostfix) ? "" : "_" + IdPostfix);

    public virtual string IdPostfix => "";

    /// <summary>Not read: this host writes files only when asked to.</summary>
    public bool AutoGenerate { get; set; } = true;

    public abstract Type HostType { get; }
}
