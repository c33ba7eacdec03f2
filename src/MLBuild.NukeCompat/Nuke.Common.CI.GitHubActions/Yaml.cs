namespace Nuke.Common.CI.GitHubActions;

/// <summary>The little YAML that a workflow needs.</summary>
internal static class Yaml
{
    public static IEnumerable<string> Indented(IEnumerable<string> lines) => lines.Select(line => "  " + line);

    public static IEnumerable<string> List(string key, IEnumerable<string> items) =>
        [$"{key}:", .. items.Select(item => $"  - {Text(item)}")];

    /// <summary>Quoted unless it is plainly a word: a colon or an asterisk would have a meaning of its own.</summary>
    public static string Text(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0])
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '/')
        && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off")
            ? text
            : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
