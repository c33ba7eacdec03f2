using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using Nuke.Common;
using Nuke.Common.ValueInjection;
using Serilog;

namespace MLBuild.NukeCompat;

/// <summary>Finds the values of parameters: command line, then environment, then parameters.json.</summary>
internal sealed class ParameterValues(
    CommandLine commandLine,
    IReadOnlyDictionary<string, string> environment,
    Func<ParametersFile> file)
{
    private readonly Lazy<Dictionary<string, List<string>>> _variablesByPlainName =
        new(() => ByPlainName(environment.Keys));

    private readonly Dictionary<MemberInfo, object?> _componentValues = [];

    /// <summary>The value, or null when none was given.</summary>
    /// <exception cref="BuildRefused">A value was given that is not one of the parameter's type.</exception>
    public object? Value(Parameter parameter)
    {
        var (value, fault) = Resolve(parameter);
        return fault == null ? value : throw new BuildRefused(fault);
    }

    /// <summary>The value of an interface's parameter, as <c>TryGetValue(() => Member)</c> asks for it.</summary>
    public object? ComponentValue(INukeBuild build, LambdaExpression expression)
    {
        var member = MemberValues.MemberOf(expression);
        lock (_componentValues)
        {
            if (_componentValues.TryGetValue(member, out var known))
                return known;
            var attribute = member.GetCustomAttribute<ValueInjectionAttributeBase>()
                ?? throw new BuildRefused(
                    $"{member.DeclaringType?.Name}.{member.Name} is no parameter. Mark it [Parameter].");
            attribute.Build = build;
            return _componentValues[member] = attribute.TryGetValue(member, build);
        }
    }

    /// <summary>The value or what is wrong with it; both null when none was given.</summary>
    public (object? Value, string? Fault) Resolve(Parameter parameter)
    {
        if (commandLine.Find(parameter.Name) is { } typed)
            return FromCommandLine(parameter, typed);
        if (VariableOf(parameter) is { } variable)
            return Converted(
                parameter, Split(parameter, [environment[variable]]), Environment.CurrentDirectory,
                value => $"Environment variable {variable} is '{value}', expected {Expected(parameter)}.");
        if (file().Find(parameter.Name) is { } entry)
            return FromFile(parameter, entry);
        return (null, null);
    }

    private (object?, string?) FromCommandLine(Parameter parameter, Switch typed)
    {
        if (typed.Strays.Count > 0)
            return (null, $"'{typed.Strays[0]}' after {typed.Typed}=… belongs to no switch. "
                + "Targets stand before the first switch.");
        if (typed.Values.Count == 0 && !parameter.Type.IsArray)
            return ValueConversion.Scalar(parameter.Type) == typeof(bool)
                ? (true, null)
                : (null, $"{typed.Typed} has no value, expected {Expected(parameter)}.");
        // --no-logo Train and --epochs 5 Train are meant to run Train.
        var mayHoldTarget = !parameter.Type.IsArray
            && (typed.Values.Count > 1 || ValueConversion.Scalar(parameter.Type) == typeof(bool));
        return Converted(
            parameter, Split(parameter, typed.Values), Environment.CurrentDirectory,
            value => $"{typed.Typed} is '{value}', expected {Expected(parameter)}."
                + (mayHoldTarget ? " Targets stand before the first switch." : ""));
    }

    private (object?, string?) FromFile(Parameter parameter, ParametersFile.Entry entry)
    {
        if (parameter.IsSecret)
        {
            Log.Warning("{Parameter} is a secret and is not read from {File}. Set {Variable} instead",
                parameter.Name, entry.File, parameter.Variable);
            return (null, null);
        }
        return entry.Values is not { } values
            ? (null, null)
            : Converted(
                parameter, values, entry.RootDirectory,
                value => $"'{parameter.Name}' in {entry.File} is '{value}', expected {Expected(parameter)}.");
    }

    private static (object?, string?) Converted(
        Parameter parameter, IReadOnlyList<string> values, string baseDirectory, Func<string, string> fault)
    {
        if (ValueConversion.TryConvert(values, parameter.Type, out var result, baseDirectory))
            return (result, null);
        var wrong = ValueConversion.FirstWrong(values, parameter.Type, baseDirectory);
        return (null, fault(parameter.IsSecret ? "***" : wrong));
    }

    // The name of the environment variable that holds the parameter, if one does.
    private string? VariableOf(Parameter parameter)
    {
        if (parameter.Origin == ParameterOrigin.Build && environment.ContainsKey(parameter.Name))
            return Usable(parameter, parameter.Name);
        var plain = Plain(parameter.Name);
        List<string> candidates = [.. _variablesByPlainName.Value.GetValueOrDefault("NUKE" + plain, [])];
        if (parameter.Origin == ParameterOrigin.Build)
            candidates.AddRange(_variablesByPlainName.Value.GetValueOrDefault(plain, []));
        if (candidates.Count > 1)
            Log.Warning("{Variables:l} all name the parameter {Parameter:l}; none is used",
                string.Join(", ", candidates), parameter.Name);
        return candidates.Count == 1 ? Usable(parameter, candidates[0]) : null;
    }

    // Workflows set variables of absent secrets and inputs to the empty text.
    private string? Usable(Parameter parameter, string variable) =>
        environment[variable].Length == 0 && parameter.Type != typeof(string) ? null : variable;

    private static Dictionary<string, List<string>> ByPlainName(IEnumerable<string> variables)
    {
        var names = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var variable in variables)
        {
            if (!names.TryGetValue(Plain(variable), out var same))
                names[Plain(variable)] = same = [];
            same.Add(variable);
        }
        return names;
    }

    private static IReadOnlyList<string> Split(Parameter parameter, IReadOnlyList<string> values) =>
        parameter is { Separator: { } separator, Type.IsArray: true }
            ? [.. values.SelectMany(value => value.Split(separator))]
            : values;

    private static string Expected(Parameter parameter) => ValueConversion.Expectation(parameter.Type);

    private static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var character in name)
            if (char.IsLetterOrDigit(character))
                plain.Append(character);
        return plain.ToString();
    }
}
