using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Commands;

/// <summary>What can be wrong with a command as it is declared.</summary>
internal static class CommandFaults
{
    /// <param name="stages">Every stage, by name: what a stage reads without naming outputs is all that another
    /// writes.</param>
    public static IEnumerable<string> Of(Stage stage, IReadOnlyDictionary<StageName, Stage> stages)
    {
        if (stage.Command is not { } command)
            yield break;
        if (stage.Code is not null)
            yield return $"Stage '{stage.Name}' has both code and a command. Give it either Runs or RunsCommand.";
        var name = $"The command of stage '{stage.Name}'";
        if (command.Program.Trim().Length == 0)
            yield return $"{name} names no program.";
        var names = command.Variables.Select(variable => variable.Name)
            .Concat(command.Secrets.Select(secret => secret.Name)).ToArray();
        foreach (var wrong in names.Where(variable => variable.Length == 0 || variable.Contains('=')).Distinct())
            yield return $"{name} gets a variable '{wrong}', which cannot be the name of one. Use a " +
                $"name without '='.";
        foreach (var twice in names.GroupBy(variable => variable).Where(group => group.Count() > 1))
            yield return $"{name} gets the variable '{twice.Key}' twice. Remove one of them.";
        foreach (var argument in command.Arguments)
            foreach (var fault in argument.Parts.SelectMany(part =>
                Faults(stage, command, part, isWhole: argument.Parts.Count == 1, stages)))
                yield return $"{name} {fault}";
        foreach (var part in command.Variables.SelectMany(variable => variable.Value.Parts))
            foreach (var fault in Faults(stage, command, part, isWhole: false, stages))
                yield return $"{name} {fault}";
    }

    private static IEnumerable<string> Faults(
        Stage stage, Command command, ArgumentPart part, bool isWhole, IReadOnlyDictionary<StageName, Stage> stages)
    {
        switch (part)
        {
            case ArgumentPart.Unknown unknown:
                yield return Unknown(unknown.Value);
                break;
            case ArgumentPart.Inputs inputs when !isWhole:
                yield return $"has '{{ins:{inputs.Name}}}' inside an argument. It stands for several: make it an " +
                    "argument of its own.";
                break;
            case ArgumentPart.Input or ArgumentPart.Inputs:
                if (InputFault(stage, part, stages) is { } inputFault)
                    yield return inputFault;
                break;
            case ArgumentPart.Output output when !stage.Outputs.Any(one => one.TrimEnd('/') == Bare(output.Name)):
                yield return $"writes '{output.Name}', which the stage does not. It writes: " +
                    $"{Suggestion.Names(stage.Outputs)}.{Suggestion.For(output.Name, stage.Outputs)} Declare it " +
                    "with Writes.";
                break;
            case ArgumentPart.File file when Path.IsPathRooted(file.Path) || file.Path.Split('/', '\\').Contains(".."):
                yield return $"takes the file '{file.Path}', which is not inside the project. Use a path from its " +
                    "root, such as 'scripts/train.py'.";
                break;
            case ArgumentPart.Option option:
                if (OptionFault(command, option.Name) is { } optionFault)
                    yield return optionFault;
                break;
            case ArgumentPart.Source when stage.Partitioning is not Partitioning.Files:
                yield return "takes {source}, but the stage has no source files. Declare them with ForEach.";
                break;
            case ArgumentPart.Partition when !stage.IsPartitioned:
                yield return "takes {partition}, but the stage has no partitions. Declare them with ForEach.";
                break;
        }
    }

    private static string Bare(string output) => output.TrimEnd('/');

    private static string Unknown(string text) => text.EndsWith('}')
        ? $"has '{text}', which is no placeholder. Placeholders: " +
            $"{string.Join(", ", ArgumentTemplate.Placeholders)}." +
            Suggestion.For(text.Split(':')[0].TrimEnd('}') + (text.Contains(':') ? ":…}" : "}"),
                ArgumentTemplate.Placeholders) + " A brace that is meant as such is written '{{'."
        : $"has '{text}' without its end. Write '}}' behind the name, or '{{{{' for a brace that is meant as such.";

    private static string? InputFault(Stage stage, ArgumentPart part, IReadOnlyDictionary<StageName, Stage> stages)
    {
        var name = part is ArgumentPart.Input input ? input.Name : ((ArgumentPart.Inputs)part).Name;
        var read = stage.Inputs.SelectMany(one => (one.Outputs.Count > 0
                ? one.Outputs
                : stages.TryGetValue(one.Stage, out var source) ? source.Outputs : [])
            .Select(output => (one.Stage, Output: Bare(output)))).Distinct().ToArray();
        var found = read.Where(one => one.Output == Bare(name) || $"{one.Stage}/{one.Output}" == Bare(name)).ToArray();
        if (found.Length == 0)
            return $"takes '{name}', which the stage does not read. It reads: " +
                $"{Suggestion.Names(read.Select(one => $"{one.Stage}/{one.Output}"))}." +
                Suggestion.For(name, read.SelectMany(one => new[] { one.Output, $"{one.Stage}/{one.Output}" })) +
                " Declare it with Reads.";
        return found.Length == 1 || part is ArgumentPart.Inputs
            ? null
            : $"takes '{name}', which several stages write. Say which: " +
                $"{string.Join(", ", found.Select(one => $"{{in:{one.Stage}/{one.Output}}}"))}.";
    }

    private static string? OptionFault(Command command, string name)
    {
        if (command.OptionsType is not { } type)
            return $"takes the option '{name}', but has no options. Give them: " +
                "RunsCommand(() => new Options(…), \"program\", …).";
        foreach (var member in name.Split('.'))
        {
            var properties = type.GetProperties()
                .Where(property => property.GetIndexParameters().Length == 0).ToArray();
            if (Array.Find(properties, property => property.Name == member.Split('[')[0]) is not { } found)
                return $"takes the option '{name}', but there is no '{member}'. There are: " +
                    $"{Suggestion.Names(properties.Select(property => property.Name))}." +
                    Suggestion.For(member, properties.Select(property => property.Name));
            // Of a list's items no more is known before it is there.
            if (member.Contains('['))
                return null;
            type = found.PropertyType;
        }
        return null;
    }
}
