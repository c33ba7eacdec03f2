using System.Diagnostics;
using System.Text;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Commands;

/// <summary>Says what a stage's command is: its arguments as declared, the bytes of its program and of the files that
/// it names, wherever they are on this machine.</summary>
internal sealed class CommandFingerprint(Workspace workspace, RunningCommands running)
{
    /// <summary>How entries are told apart from those of code.</summary>
    public const string EntryType = "command";

    /// <exception cref="PipelineException">The program or a file is not there, or a file of the project is
    /// undeclared.</exception>
    public IEnumerable<RecipeEntry> Of(Stage stage)
    {
        var command = stage.Command!;
        var program = Find(stage);
        yield return new(RecipeKind.Code, "command", EntryType, command.ToString());
        yield return new(RecipeKind.Code, $"program {command.ProgramName}", EntryType,
            workspace.Hashes.Of(program.Path).Hex);
        foreach (var interpreter in program.Interpreters.DistinctBy(Path.GetFileName))
            yield return new(RecipeKind.Code, $"interpreter {Path.GetFileName(interpreter)}", EntryType,
                workspace.Hashes.Of(interpreter).Hex);
        foreach (var variable in command.Variables)
            yield return new(RecipeKind.Code, $"variable {variable.Name}", EntryType, variable.Value.ToString());
        foreach (var file in command.Files)
            yield return new(RecipeKind.Input, file, "source", HashOf(stage, file));
        if (command.Probe is { } arguments)
            yield return new(RecipeKind.Observed, Command.Quoted([command.ProgramName, .. arguments]), "text",
                Observed(stage, program, arguments));
    }

    private CommandProgram Find(Stage stage)
    {
        var command = stage.Command!;
        try
        {
            foreach (var argument in command.Arguments)
                if (argument.Parts is [ArgumentPart.Text { Value: var text }] && text.AsSpan().IndexOfAny("./") >= 0
                    && !Path.IsPathRooted(text) && File.Exists(Path.Combine(workspace.RootFolder, text)))
                    throw new PipelineException($"'{text}' is a file of the project, whose bytes no recipe would " +
                        $"see. Write {{file:{text}}}.");
            return CommandProgram.Find(command.Program, workspace.RootFolder);
        }
        catch (PipelineException e)
        {
            throw new PipelineException($"The command of stage '{stage.Name}' cannot run. {e.Message}");
        }
    }

    private string HashOf(Stage stage, string file)
    {
        try
        {
            return workspace.Hashes.Of(Path.Combine(workspace.RootFolder, file)).Hex;
        }
        catch (FileNotFoundException)
        {
            throw new PipelineException($"The command of stage '{stage.Name}' takes the file '{file}', which is not " +
                $"there. Its path is relative to '{workspace.RootFolder}'.");
        }
    }

    private string Observed(Stage stage, CommandProgram program, IReadOnlyList<string> arguments)
    {
        var place = Path.Combine(workspace.StoreFolder, "probes",
            ContentHash.Of($"{workspace.Hashes.Of(program.Path)} {Command.Quoted(arguments)}").Hex);
        if (!program.IsScript && File.Exists(place))
            return File.ReadAllText(place);
        var text = Ask(stage, program, arguments);
        if (!program.IsScript)
            AtomicFile.WriteText(place, text);
        return text;
    }

    private string Ask(Stage stage, CommandProgram program, IReadOnlyList<string> arguments)
    {
        var text = new StringBuilder();
        var output = new OutputText(new([]), workspace.Clock, _ => { }, line => text.Append(line).Append('\n'));
        var start = new ProcessStartInfo(program.Path, arguments) { WorkingDirectory = workspace.RootFolder };
        var exitCode = running.Run(start, output, _ => { }, default).GetAwaiter().GetResult();
        output.End();
        return exitCode == 0
            ? text.ToString().Trim()
            : throw new PipelineException($"The command of stage '{stage.Name}' cannot run. '" +
                $"{Command.Quoted([stage.Command!.ProgramName, .. arguments])}', which says what the program is, ended " +
                $"with exit code {exitCode}: {text.ToString().Trim()}");
    }
}
