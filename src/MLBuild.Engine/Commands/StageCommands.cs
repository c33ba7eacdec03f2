using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Commands;

/// <summary>The commands of a build's stages: what each is, which is its arguments as declared, the bytes of its
/// program and of the files that it names, wherever they are on this machine; and those that run.</summary>
internal sealed class StageCommands(Workspace workspace) : IDisposable
{
    /// <summary>How entries are told apart from those of code.</summary>
    public const string EntryType = "command";

    private readonly ConcurrentDictionary<StageName, Lazy<RecipeEntry[]>> _known = new();

    public RunningCommands Running { get; } = new(workspace.Clock);

    /// <summary>What is in the recipe, as it is when first asked; the same for all partitions.</summary>
    /// <exception cref="PipelineException">The program or a file is not there, a file of the project is undeclared, or
    /// the program does not say what it is.</exception>
    public IReadOnlyList<RecipeEntry> Of(Stage stage) => _known.GetOrAdd(stage.Name, _ => new(() =>
    {
        var program = Find(stage);
        return stage.Command!.Probe is { } arguments
            ? [.. Bytes(stage, program), Observed(stage, program, arguments)]
            : [.. Bytes(stage, program)];
    })).Value;

    /// <summary>Which of its bytes have another hash now.</summary>
    public string? ChangedSince(Stage stage, Recipe recipe) =>
        Bytes(stage, Find(stage)).Except(recipe.Entries).FirstOrDefault()?.Name;

    /// <summary>Ends those that run.</summary>
    public void Dispose() => Running.Dispose();

    private IEnumerable<RecipeEntry> Bytes(Stage stage, CommandProgram program)
    {
        var command = stage.Command!;
        yield return Entry("command", command.ToString());
        yield return Entry($"program {command.ProgramName}", workspace.Hashes.Of(program.Path).Hex);
        // A wrapper may have the name of what it starts.
        foreach (var same in program.Interpreters.Distinct().GroupBy(Path.GetFileName))
            foreach (var (i, interpreter) in same.Index())
                yield return Entry($"interpreter {same.Key}{(i == 0 ? "" : $" {i + 1}")}",
                    workspace.Hashes.Of(interpreter).Hex);
        foreach (var variable in command.Variables)
            yield return Entry($"variable {variable.Name}", variable.Value.ToString());
        foreach (var file in command.Files)
            yield return Entry($"file {file}", HashOf(stage, file));

        static RecipeEntry Entry(string name, string value) => new(RecipeKind.Code, name, EntryType, value);
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
        catch (UnauthorizedAccessException) when (Directory.Exists(Path.Combine(workspace.RootFolder, file)))
        {
            throw new PipelineException($"The command of stage '{stage.Name}' takes the file '{file}', which is a " +
                $"folder. Name each file that the program reads, or make the folder the output of a stage.");
        }
    }

    private RecipeEntry Observed(Stage stage, CommandProgram program, IReadOnlyList<string> arguments)
    {
        var place = Path.Combine(workspace.StoreFolder, "probes",
            ContentHash.Of($"{workspace.Hashes.Of(program.Path)} {Command.Quoted(arguments)}").Hex);
        var known = program.IsScript ? null : SealedText.Open(AtomicFile.TextOf(place) ?? "");
        var text = known ?? Ask(stage, program, arguments);
        if (known is null && !program.IsScript)
            Remember(place, text);
        return new(RecipeKind.Observed, Command.Quoted([stage.Command!.ProgramName, .. arguments]), "text", text);
    }

    private static void Remember(string place, string text)
    {
        try
        {
            AtomicFile.WriteText(place, SealedText.Seal(text));
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            // What cannot be remembered is asked again next time.
        }
    }

    private string Ask(Stage stage, CommandProgram program, IReadOnlyList<string> arguments)
    {
        var text = new StringBuilder();
        var output = new OutputText(new([]), workspace.Clock, _ => { }, line => text.Append(line).Append('\n'));
        var start = new ProcessStartInfo(program.Path, arguments) { WorkingDirectory = workspace.RootFolder };
        var exitCode = Running.Run(start, output, _ => { }, default).GetAwaiter().GetResult();
        output.End();
        return exitCode == 0
            ? text.ToString().Trim()
            : throw new PipelineException($"The command of stage '{stage.Name}' cannot run. '" +
                $"{Command.Quoted([stage.Command!.ProgramName, .. arguments])}', which says what the program is, " +
                $"ended with exit code {exitCode}: {text.ToString().Trim()}");
    }
}
