using Nuke.Common.Execution;

namespace MLBuild.NukeCompat;

/// <summary>The answer to --help: targets and parameters of this build.</summary>
internal static class HelpText
{
    // Not the width of the console: the text is the same in a terminal, in a pipe and in a log.
    private const int Width = 90;

    public static IEnumerable<string> Lines(
        IReadOnlyCollection<ExecutableTarget> targets, IReadOnlyList<Parameter> parameters) =>
        [.. Targets(targets), "", .. Parameters(targets, parameters), ""];

    private static IEnumerable<string> Targets(IReadOnlyCollection<ExecutableTarget> targets)
    {
        yield return "Targets (with their direct dependencies):";
        yield return "";
        var width = Math.Max(20, targets.Max(target => target.Name.Length));
        foreach (var target in targets.Where(target => target.Listed))
        {
            var name = (target.Name + (target.IsDefault ? " (default)" : "")).PadRight(width);
            yield return $"  {name}" + (target.ExecutionDependencies.Count == 0
                ? ""
                : $" -> {string.Join(", ", target.ExecutionDependencies.Select(dependency => dependency.Name))}");
            if (!string.IsNullOrWhiteSpace(target.Description))
                yield return $"    {target.Description}";
        }
    }

    private static IEnumerable<string> Parameters(
        IReadOnlyCollection<ExecutableTarget> targets, IReadOnlyList<Parameter> parameters)
    {
        var defaults = string.Join(", ", targets.Where(target => target.IsDefault).Select(target => target.Name));
        var own = parameters.Where(parameter => parameter.IsListed).ToList();
        var builtIns = Parameter.BuiltIns.Where(parameter => parameter.IsListed).ToList();
        var width = Math.Max(16, own.Concat(builtIns).Max(parameter => parameter.Dashed.Length - 2)) + 2;
        IEnumerable<string> Entries(IEnumerable<Parameter> list) => list.SelectMany(parameter => Wrapped(
            $"  {parameter.Dashed.PadRight(width)}   ",
            Sentence(parameter.Description)?.Replace("{default_target}", defaults.Length > 0 ? defaults : "<none>")
                ?? "<no description>"));

        IEnumerable<string> gap = own.Count > 0 ? [""] : [];
        return ["Parameters:", "", .. Entries(own), .. gap, .. Entries(builtIns)];
    }

    private static string? Sentence(string? description) =>
        string.IsNullOrWhiteSpace(description) ? null : description.TrimEnd('.') + ".";

    private static IEnumerable<string> Wrapped(string head, string text)
    {
        var line = head;
        foreach (var word in text.Split(' '))
        {
            if (line.Length > head.Length && line.Length + word.Length >= Width)
            {
                yield return line.TrimEnd();
                line = new string(' ', head.Length);
            }
            line += (line.Length > head.Length ? " " : "") + word;
        }
        yield return line.TrimEnd();
    }
}
