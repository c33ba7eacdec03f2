using Nuke.Common.Execution;

namespace MLBuild.NukeCompat;

/// <summary>The answer to --help: targets and parameters of this build.</summary>
internal static class HelpText
{
    // In a pipe and in a log the text is the same everywhere.
    private const int UsualWidth = 90;

    // Beside the names there is room for a few words.
    private const int NarrowestWidth = 60;

    /// <param name="columns">How wide the terminal is; null for none, where what targets do is not broken.</param>
    public static IEnumerable<string> Lines(
        IReadOnlyCollection<ExecutableTarget> targets, IReadOnlyList<Parameter> parameters, int? columns) =>
    [
        .. Targets(targets, columns is { } terminal ? Math.Max(terminal, NarrowestWidth) : int.MaxValue), "",
        .. Parameters(targets, parameters, Math.Max(columns ?? UsualWidth, NarrowestWidth)), "",
    ];

    private static IEnumerable<string> Targets(IReadOnlyCollection<ExecutableTarget> targets, int columns)
    {
        yield return "Targets (with their direct dependencies):";
        yield return "";
        var width = Math.Max(20, targets.Max(target => target.Name.Length));
        foreach (var target in targets.Where(target => target.Listed))
        {
            var name = (target.Name + (target.IsDefault ? " (default)" : "")).PadRight(width);
            if (target.ExecutionDependencies.Count == 0)
                yield return $"  {name}";
            else
                foreach (var line in Wrapped($"  {name} -> ",
                    string.Join(", ", target.ExecutionDependencies.Select(dependency => dependency.Name)), columns))
                    yield return line;
            if (!string.IsNullOrWhiteSpace(target.Description))
                foreach (var line in Wrapped("    ", target.Description, columns))
                    yield return line;
        }
    }

    private static IEnumerable<string> Parameters(
        IReadOnlyCollection<ExecutableTarget> targets, IReadOnlyList<Parameter> parameters, int columns)
    {
        var defaults = string.Join(", ", targets.Where(target => target.IsDefault).Select(target => target.Name));
        var own = parameters.Where(parameter => parameter.IsListed).ToList();
        var builtIns = Parameter.BuiltIns.Where(parameter => parameter.IsListed).ToList();
        var width = Math.Max(16, own.Concat(builtIns).Max(parameter => parameter.Dashed.Length - 2)) + 2;
        IEnumerable<string> Entries(IEnumerable<Parameter> list) => list.SelectMany(parameter => Wrapped(
            $"  {parameter.Dashed.PadRight(width)}   ",
            Sentence(parameter.Description)?.Replace("{default_target}", defaults.Length > 0 ? defaults : "<none>")
                ?? "<no description>", columns));

        IEnumerable<string> gap = own.Count > 0 ? [""] : [];
        return ["Parameters:", "", .. Entries(own), .. gap, .. Entries(builtIns)];
    }

    private static string? Sentence(string? description) =>
        string.IsNullOrWhiteSpace(description) ? null : description.TrimEnd('.') + ".";

    private static IEnumerable<string> Wrapped(string head, string text, int columns)
    {
        var line = head;
        foreach (var word in text.Split(' '))
        {
            if (line.Length > head.Length && line.Length + word.Length >= columns)
            {
                yield return line.TrimEnd();
                line = new string(' ', head.Length);
            }
            line += (line.Length > head.Length ? " " : "") + word;
        }
        yield return line.TrimEnd();
    }
}
