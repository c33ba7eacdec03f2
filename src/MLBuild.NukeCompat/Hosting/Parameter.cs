using System.Reflection;
using Nuke.Common;
using Nuke.Common.CI;

namespace MLBuild.NukeCompat;

/// <summary>Something that can be given on the command line, in the environment or in parameters.json.</summary>
internal sealed record Parameter(
    string Name, Type Type, string? Description, char? Separator, bool IsSecret, bool IsListed, ParameterOrigin Origin)
{
    public static readonly Parameter Target =
        BuiltIn("Target", typeof(string[]), "Targets to run. Default is '{default_target}'.");
    public static readonly Parameter Skip =
        BuiltIn("Skip", typeof(string[]), "Targets to skip. Without names, all that others depend on.");
    public static readonly Parameter Plan =
        BuiltIn("Plan", typeof(bool), "Prints what would run, in order, and ends.");
    public static readonly Parameter Help =
        BuiltIn("Help", typeof(bool), "Prints this text and ends.");
    public static readonly Parameter NoLogo =
        BuiltIn("NoLogo", typeof(bool), "Prints no line with the version.");
    public static readonly Parameter Continue =
        BuiltIn("Continue", typeof(bool), "Skips what succeeded in the last run with the same arguments.");
    public static readonly Parameter Root =
        BuiltIn("Root", typeof(string), "Root directory. Default is the nearest one above with '.nuke'.");
    public static readonly Parameter Profile =
        BuiltIn("Profile", typeof(string[]), "Reads .nuke/parameters.<profile>.json before parameters.json.");
    public static readonly Parameter Verbosity =
        BuiltIn("Verbosity", typeof(Verbosity), "Logs Verbose, Normal, Minimal or Quiet. Default is 'Normal'.");
    public static readonly Parameter Host =
        BuiltIn("Host", typeof(string), "Where it runs, such as GitHubActions. Default is found out.");
    public static readonly Parameter Partition =
        BuiltIn("Partition", typeof(Partition), "Part of the work that this machine does, such as 1/3.", listed: false);
    public static readonly Parameter GenerateConfiguration =
        BuiltIn("GenerateConfiguration", typeof(string), "Writes a workflow file and ends.", listed: false);

    public static IReadOnlyList<Parameter> BuiltIns { get; } =
    [
        Continue, GenerateConfiguration, Help, Host, NoLogo, Partition, Plan, Profile, Root, Skip, Target, Verbosity
    ];

    /// <summary>The name as typed: <c>--learning-rate</c>.</summary>
    public string Dashed => "--" + Words.Dashed(Name);

    /// <summary>The environment variable that cannot be mistaken for another program's.</summary>
    public string Variable => "NUKE_" + Words.Joined(Name, '_').ToUpperInvariant();

    public static Parameter Of(MemberInfo member) => Of(member, member.GetCustomAttribute<ParameterAttribute>()
        ?? throw new BuildRefused($"{member.DeclaringType?.Name}.{member.Name} is no parameter. Mark it [Parameter]."));

    public static Parameter Of(MemberInfo member, ParameterAttribute attribute)
    {
        var prefix = member.DeclaringType?.GetCustomAttribute<ParameterPrefixAttribute>()?.Prefix;
        return new(
            prefix + (attribute.Name ?? member.Name),
            MemberValues.TypeOf(member),
            attribute.Description,
            string.IsNullOrEmpty(attribute.Separator) ? null : attribute.Separator.Single(),
            member.IsDefined(typeof(SecretAttribute)),
            attribute.List,
            ParameterOrigin.Build);
    }

    private static Parameter BuiltIn(string name, Type type, string description, bool listed = true) =>
        new(name, type, description, type == typeof(string[]) ? '+' : null, false, listed, ParameterOrigin.Host);
}

/// <summary>Who declares a parameter.</summary>
internal enum ParameterOrigin
{
    /// <summary>The build class or one of its components.</summary>
    Build,

    /// <summary>This host. Read from environment variables with the prefix NUKE_ only, since names such as HOST,
    /// TARGET and PROFILE often belong to other programs.</summary>
    Host
}
