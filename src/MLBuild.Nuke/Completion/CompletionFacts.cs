using System.Reflection;
using System.Text;
using MLBuild.Store;
using Nuke.Common;
using Nuke.Common.Execution;

namespace MLBuild.Nuke.Completion;

/// <summary>What shells can complete: targets, switches, and the values of those that are known. In a file beside the
/// program, so that a shell asks no program.</summary>
/// <remarks>The launcher removes the file when it compiles, and the first start after that writes it.</remarks>
internal static class CompletionFacts
{
    internal const string FileName = ".completion";

    // A switch of the host with the values that it knows.
    private static IEnumerable<string> OfTheHost(string[] targets) =>
    [
        Switch("--continue", Kind.Flag, "Skips what succeeded in the last run"),
        Switch("--help", Kind.Flag, "Prints targets and parameters"),
        Switch("--host", Kind.Value, "Where it runs"),
        Value("--host", "GitHubActions"),
        Value("--host", "Terminal"),
        Switch("--no-logo", Kind.Flag, "Prints no line with the version"),
        Switch("--plan", Kind.Flag, "Prints what would run, in order"),
        Switch("--profile", Kind.Value, "Reads .nuke/parameters.<profile>.json first"),
        Switch("--root", Kind.Value, "Root directory"),
        Switch("--skip", Kind.Value, "Targets to skip"),
        .. targets.Select(target => Value("--skip", target)),
        Switch("--target", Kind.Value, "Targets to run"),
        .. targets.Select(target => Value("--target", target)),
        Switch("--verbosity", Kind.Value, "How much is logged"),
        .. Enum.GetNames<Verbosity>().Select(level => Value("--verbosity", level)),
    ];

    private enum Kind
    {
        Flag,
        Value,
    }

    /// <summary>Writes the file if it is not there.</summary>
    public static void Keep(INukeBuild build, IReadOnlyCollection<ExecutableTarget> targets)
    {
        var path = Path.Combine(AppContext.BaseDirectory, FileName);
        if (File.Exists(path))
            return;
        try
        {
            AtomicFile.WriteText(path, string.Concat(Lines(build, targets).Select(line => line + "\n")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Shells complete nothing, and the build runs.
        }
    }

    internal static IEnumerable<string> Lines(INukeBuild build, IReadOnlyCollection<ExecutableTarget> targets)
    {
        var names = targets.Where(target => target.Listed).Select(target => target.Name).ToArray();
        foreach (var target in targets.Where(target => target.Listed))
            yield return $"target\t{target.Name}\t{OneLine(target.Description)}";
        var stages = targets.Where(target => target.StageOf() is not null).Select(target => target.Name).ToArray();
        foreach (var (member, parameter) in Parameters(build.GetType()))
        {
            var name = $"--{Dashed(Prefix(member) + (parameter.Name ?? member.Name))}";
            var type = ScalarOf(member);
            yield return Switch(name, type == typeof(bool) ? Kind.Flag : Kind.Value, parameter.Description);
            foreach (var value in Values(build, member, parameter, type, stages))
                yield return Value(name, value);
        }
        foreach (var line in OfTheHost(names))
            yield return line;
    }

    // Each by its name once, as hosts take them.
    private static IEnumerable<(MemberInfo Member, ParameterAttribute Parameter)> Parameters(Type build) =>
        BuildMembers.Of(build)
            .Where(member => member is FieldInfo or PropertyInfo)
            .Select(member => (Member: member, Parameter: member.GetCustomAttribute<ParameterAttribute>()!))
            .Where(pair => pair.Parameter is { List: true })
            .DistinctBy(pair => Prefix(pair.Member) + (pair.Parameter.Name ?? pair.Member.Name),
                StringComparer.OrdinalIgnoreCase)
            .OrderBy(pair => pair.Member.Name, StringComparer.Ordinal);

    private static IEnumerable<string> Values(
        INukeBuild build, MemberInfo member, ParameterAttribute parameter, Type type, string[] stages)
    {
        if (type.IsEnum)
            return Enum.GetNames(type);
        if (member.DeclaringType == typeof(IInspectArtifacts) && member.Name == nameof(IInspectArtifacts.OfStage))
            return stages;
        // As NUKE's own completion finds them.
        if (parameter.ValueProviderMember is not { } provider)
            return [];
        var provides = (parameter.ValueProviderType ?? member.DeclaringType!)
            .GetMember(provider, BuildMembers.Declared).FirstOrDefault();
        try
        {
            var values = provides switch
            {
                PropertyInfo property => property.GetValue(property.GetMethod!.IsStatic ? null : build),
                FieldInfo field => field.GetValue(field.IsStatic ? null : build),
                MethodInfo method => method.Invoke(method.IsStatic ? null : build, []),
                _ => null,
            };
            return values is IEnumerable<string> texts ? [.. texts] : [];
        }
        catch (Exception)
        {
            // Code of the build: that it fails is no reason for another command to fail.
            return [];
        }
    }

    private static Type ScalarOf(MemberInfo member)
    {
        var type = member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;
        type = type.IsArray ? type.GetElementType()! : type;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private static string? Prefix(MemberInfo member) =>
        member.DeclaringType?.GetCustomAttribute<ParameterPrefixAttribute>()?.Prefix;

    private static string Switch(string name, Kind kind, string? description) =>
        $"{(kind == Kind.Flag ? "flag" : "switch")}\t{name}\t{OneLine(description)}";

    private static string Value(string name, string value) => $"value\t{name}\t{value}";

    private static string OneLine(string? text) =>
        string.Concat((text ?? "").Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    // LearningRate is --learning-rate. Hosts leave dashes out when they compare.
    private static string Dashed(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i])
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
                text.Append('-');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}
