using System.Reflection;
using MLBuild.NukeCompat;
using Nuke.Common;

namespace MLBuild.Nuke;

/// <summary>Compiled for hosts that pass over unknown switches and keep the default where a value is wrong, which would
/// train another model than was asked for. Makes both errors, in the words of NukeCompat.</summary>
public sealed partial class MLPipelineAttribute
{
    // Such hosts inject values at 100, with a warning and a stack for each wrong one: the check comes first.
    public override float Priority { get; set; } = 120;

    partial void CheckArguments()
    {
        var commandLine = CommandLine.Parse(Environment.GetCommandLineArgs()[1..]);
        // Other attributes than the parameter's own find values in ways of their own.
        var declared = MemberValues.Hierarchy(Build.GetType()).TakeWhile(type => type != typeof(NukeBuild)).Reverse()
            .Concat(Build.GetType().GetInterfaces())
            .SelectMany(type => type.GetMembers(MemberValues.Declared)
                .OrderBy(member => member.Name, StringComparer.Ordinal))
            .Where(member => member.GetCustomAttribute<ParameterAttribute>()?.GetType() == typeof(ParameterAttribute))
            .Select(member => (Parameter: Parameter.Of(member), Member: member))
            .DistinctBy(one => one.Parameter.Name, StringComparer.OrdinalIgnoreCase)
            .ToArray();
        string[] faults =
        [
            .. Parameter.BuiltIns.Select(parameter => TypedFault(parameter, commandLine)).OfType<string>(),
            .. UnknownSwitches(commandLine, [.. declared.Select(one => one.Parameter), .. Parameter.BuiltIns]),
            .. declared.Select(one => commandLine.Find(one.Parameter.Name) is null
                ? FoundFault(one.Parameter, one.Member)
                : TypedFault(one.Parameter, commandLine)).OfType<string>(),
        ];
        if (faults.Length > 0)
            throw new BuildRefused(faults);
    }

    private static IEnumerable<string> UnknownSwitches(CommandLine commandLine, Parameter[] known)
    {
        // Not in NukeCompat, and in no host's help.
        string[] hidden = ["Strict", "ShellCompletion", "VisualStudioDebug"];
        foreach (var typed in commandLine.Switches)
        {
            if (known.Any(parameter => typed.Names(parameter.Name)) || hidden.Any(typed.Names))
                continue;
            var guess = Spelling.Suggest(typed.Typed, [.. known.Select(parameter => parameter.Dashed)]);
            yield return $"Unknown switch '{typed.Typed}'."
                + (guess.Length > 0 ? guess : " --help lists the switches of this build.");
        }
    }

    // NukeCompat understands --name=value and negative numbers. These hosts do not, and keep the default.
    private static string? TypedFault(Parameter parameter, CommandLine commandLine)
    {
        if (commandLine.Find(parameter.Name) is not { } typed)
            return null;
        if (typed.Values is [var joined] && commandLine.Tokens.Contains($"{typed.Typed}={joined}"))
            return $"{typed.Typed}={joined} is not understood by this host. Write {typed.Typed} {joined} instead.";
        if (typed.Values.FirstOrDefault(value => value.StartsWith('-')) is { } negative)
            return $"{typed.Typed} is '{negative}', which this host takes for a switch: "
                + "it cannot be passed negative numbers. "
                + $"Set the environment variable {parameter.Variable}={negative} instead.";
        var values = parameter is { Separator: { } separator, Type.IsArray: true }
            ? [.. typed.Values.SelectMany(value => value.Split(separator))]
            : typed.Values;
        var expected = $"expected {ValueConversion.Expectation(parameter.Type)}.";
        var isFlag = ValueConversion.Scalar(parameter.Type) == typeof(bool);
        if (values.Count == 0 && !parameter.Type.IsArray)
            return isFlag ? null : $"{typed.Typed} has no value, {expected}";
        if (ValueConversion.TryConvert(values, parameter.Type, out _))
            return null;
        // --no-logo Train and --epochs 5 Train are meant to run Train.
        var mayHoldTarget = !parameter.Type.IsArray && (values.Count > 1 || isFlag);
        var wrong = parameter.IsSecret
            ? "***"
            : ValueConversion.FirstWrong(values, parameter.Type, baseDirectory: null);
        return $"{typed.Typed} is '{wrong}', {expected}"
            + (mayHoldTarget ? " Targets stand before the first switch." : "");
    }

    // What is wrong with a value in the environment or in parameters.json: the host reads both, so it is asked.
    private string? FoundFault(Parameter parameter, MemberInfo member)
    {
        // The host would ask for the password of one that is encrypted.
        if (parameter.IsSecret)
            return null;
        var readable = ValueConversion.Expectation(parameter.Type);
        string host;
        try
        {
            var value = member.GetCustomAttribute<ParameterAttribute>()!.GetValue(member, Build);
            if (value is null || parameter.Type.IsInstanceOfType(value))
                return null;
            host = $"It was read as a {value.GetType().Name}.";
        }
        catch (Exception e)
        {
            host = e.Message;
        }
        var variable = EnvironmentInfo.Variables.FirstOrDefault(one => IsOf(parameter, one.Key));
        if (variable is { Key: { } name, Value: var text })
            // Workflows set variables of absent inputs to the empty text.
            return text.Length == 0 ? null : $"Environment variable {name} is '{text}', expected {readable}.";
        var file = ParametersFile.Load(NukeBuild.RootDirectory, NukeBuild.LoadedLocalProfiles);
        if (file.Find(parameter.Name) is not { Values: { } values } entry)
            return $"Parameter '{parameter.Name}' cannot be read, expected {readable}. {host}";
        // These hosts read no AbsolutePath[] from files.
        return ValueConversion.TryConvert(values, parameter.Type, out _)
            ? $"'{parameter.Name}' in {entry.File} is of a type that this host cannot read from files. "
                + $"Pass {parameter.Dashed} {string.Join(' ', values)} instead."
            : $"'{parameter.Name}' in {entry.File} is '{string.Join(' ', values)}', expected {readable}.";
    }

    private static bool IsOf(Parameter parameter, string variable)
    {
        var plain = string.Concat(variable.Where(char.IsLetterOrDigit));
        return plain.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase)
            || plain.Equals("NUKE" + parameter.Name, StringComparison.OrdinalIgnoreCase);
    }
}
