using System.Globalization;

namespace MLBuild.NukeCompat;

/// <summary>What was typed: targets, then switches with their values.</summary>
internal sealed class CommandLine
{
    private CommandLine(IReadOnlyList<string> tokens, IReadOnlyList<string> targets, IReadOnlyList<Switch> switches) =>
        (Tokens, Targets, Switches) = (tokens, targets, switches);

    public IReadOnlyList<string> Tokens { get; }
    public IReadOnlyList<string> Targets { get; }
    public IReadOnlyList<Switch> Switches { get; }

    public static CommandLine Parse(IReadOnlyList<string> tokens)
    {
        var targets = tokens.TakeWhile(token => !IsSwitch(token)).ToList();
        var switches = new List<Switch>();
        for (var i = targets.Count; i < tokens.Count;)
        {
            var token = tokens[i++];
            var equals = token.IndexOf('=');
            var typed = equals < 0 ? token : token[..equals];
            var following = tokens.Skip(i).TakeWhile(next => !IsSwitch(next)).ToList();
            i += following.Count;
            switches.Add(equals < 0
                ? new Switch(typed, following, Strays: [])
                : new Switch(typed, [token[(equals + 1)..]], Strays: following));
        }
        return new(tokens, targets, switches);
    }

    /// <summary>The switch for a parameter; of several the last, so that defaults of scripts give way.</summary>
    public Switch? Find(string parameterName) =>
        Switches.LastOrDefault(typed => typed.Names(parameterName));

    // -0.5 is a value: without this, a negative number could not be passed at all.
    private static bool IsSwitch(string token) =>
        token.StartsWith('-')
        && !double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}

/// <summary>A switch as typed, with its values. Strays follow a <c>--name=value</c>, which takes no more.</summary>
internal sealed record Switch(string Typed, IReadOnlyList<string> Values, IReadOnlyList<string> Strays)
{
    // --learning-rate, --LearningRate and -learningrate are the same switch.
    public bool Names(string parameterName) =>
        string.Equals(Typed.Replace("-", ""), parameterName.Replace("-", ""), StringComparison.OrdinalIgnoreCase);
}
