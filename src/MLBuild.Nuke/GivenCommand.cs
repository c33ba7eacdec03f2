using System.Reflection;
using Nuke.Common;

namespace MLBuild.Nuke;

/// <summary>What was typed to start a build, as the journal of runs keeps it: what follows the switch of a parameter
/// that is a secret, and passwords within other values, are <c>***</c>.</summary>
internal static class GivenCommand
{
    private const string Hidden = "***";

    public static string Of(IReadOnlyList<string> arguments, Type build)
    {
        // Most commands name a target and no more, and nothing has to be looked up.
        var secrets = arguments.Any(IsSwitch) ? SecretsOf(build) : [];
        var words = new List<string>(arguments.Count);
        var isSecret = false;
        foreach (var argument in arguments)
        {
            if (!IsSwitch(argument))
            {
                words.Add(isSecret ? Hidden : Quoted(WithoutPasswords(argument)));
                continue;
            }
            var equals = argument.IndexOf('=');
            var name = equals < 0 ? argument : argument[..equals];
            isSecret = secrets.Any(secret =>
                name.Replace("-", "").EndsWith(secret, StringComparison.OrdinalIgnoreCase));
            words.Add(equals >= 0 && isSecret ? $"{name}={Hidden}" : Quoted(WithoutPasswords(argument)));
        }
        return string.Join(' ', words);
    }

    private static bool IsSwitch(string argument) => argument is ['-', not (>= '0' and <= '9' or '.'), ..];

    private static List<string> SecretsOf(Type build) =>
    [
        .. BuildMembers.Of(build)
            .Where(member => member.IsDefined(typeof(SecretAttribute)))
            .Select(member => member.GetCustomAttribute<ParameterAttribute>()?.Name ?? member.Name),
    ];

    // Host=…;Password=secret and https://user:secret@host: refused in parameters, but only after they were typed.
    private static string WithoutPasswords(string value)
    {
        foreach (var key in (string[])["password=", "pwd="])
        {
            for (var at = value.IndexOf(key, StringComparison.OrdinalIgnoreCase); at >= 0;
                at = value.IndexOf(key, at + key.Length, StringComparison.OrdinalIgnoreCase))
            {
                var from = at + key.Length;
                var to = value.AsSpan(from).IndexOfAny(';', '&') is >= 0 and var length ? from + length : value.Length;
                value = $"{value[..from]}{Hidden}{value[to..]}";
            }
        }
        var scheme = value.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return value;
        var start = scheme + 3;
        var end = value.IndexOf('/', start) is >= 0 and var slash ? slash : value.Length;
        var host = value.LastIndexOf('@', end - 1);
        return host > start ? $"{value[..start]}{Hidden}{value[host..]}" : value;
    }

    private static string Quoted(string word) => word.Length > 0 && !word.Any(char.IsWhiteSpace) ? word : $"\"{word}\"";
}
