using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Commands;

/// <summary>Runs a stage's command in the folder for its outputs, with the paths of what it declares in its
/// arguments.</summary>
internal sealed class CommandRun(Command command, StageRun run, object? options)
{
    /// <summary>Lines of output in the message of a command that failed.</summary>
    internal const int MostLines = 20;

    // Of a command that takes every partition, its beginning tells enough.
    private const int MostShown = 500;
    private const int LastSignal = 31;

    // The shell is replaced by the program at once, and reads no argument. With one pipe for both outputs, lines come
    // in the order in which they were written. Ctrl+C is for the build, which then ends the program: a terminal sends
    // it to both.
    private const string Trampoline = "trap '' INT; exec \"$0\" \"$@\" 2>&1";

    private readonly Dictionary<string, string> _options = ParameterEntries.Of(options)
        .Where(entry => entry.Type is not ("record" or "list" or "null"))
        .ToDictionary(entry => entry.Name, entry => entry.Value);

    private readonly Dictionary<InputFile, (string Path, FileIdentity? Identity)> _given = [];
    private readonly Queue<string> _last = new();

    /// <exception cref="StageFailedException">It could not be started, failed, or wrote to what it reads.</exception>
    /// <exception cref="OperationCanceledException">The stage was cancelled; nothing of it is alive.</exception>
    public async Task Execute()
    {
        var (log, running, root) = run.CommandSurroundings;
        var secrets = Secrets();
        var mask = new SecretMask(secrets.Values);
        PrepareOutputs();
        var start = Start(CommandProgram.Find(command.Program, root).Path, root, secrets);
        // Masked before it is quoted, which may change a secret.
        var shown = Short(Command.Quoted(
            [command.ProgramName, .. command.Arguments.SelectMany(Shown).Select(mask.Of)]));
        log.Line($"$ {shown}");
        var output = new OutputText(mask, running.Clock, log.Keep, Show);
        int exitCode;
        try
        {
            exitCode = await running.Run(start, output, Say, run.Cancel);
        }
        catch (OperationCanceledException) when (!run.Cancel.IsCancellationRequested)
        {
            throw new StageFailedException($"'{command.ProgramName}' was ended with the build.");
        }
        catch (Win32Exception e)
        {
            throw new StageFailedException($"'{shown}' could not be started: {e.Message}", e);
        }
        finally
        {
            output.End();
        }
        DemandSameInputs();
        if (exitCode != 0)
            throw new StageFailedException($"'{shown}' ended with exit code {Meaning(exitCode)}. {LastLines()}");

        void Show(string line)
        {
            lock (_last)
            {
                _last.Enqueue(line);
                if (_last.Count > MostLines)
                    _last.Dequeue();
            }
            log.Show(line);
        }

        void Say(string line)
        {
            try
            {
                log.Line($"'{command.ProgramName}': {line}");
            }
            catch (IOException)
            {
                // A full disk must not keep anybody from ending it.
            }
        }
    }

    private ProcessStartInfo Start(string program, string root, Dictionary<string, string> secrets)
    {
        string[] arguments = [.. command.Arguments.SelectMany(argument => Values(argument, root))];
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(program, arguments)
            : new ProcessStartInfo("/bin/sh", ["-c", Trampoline, program, .. arguments]);
        start.WorkingDirectory = run.OutputFolder;
        // Python keeps its lines back when nobody sits at a terminal.
        start.Environment.TryAdd("PYTHONUNBUFFERED", "1");
        foreach (var variable in command.Variables)
            start.Environment[variable.Name] = string.Concat(Values(variable.Value, root));
        foreach (var (name, value) in secrets)
            start.Environment[name] = value;
        return start;
    }

    private Dictionary<string, string> Secrets() =>
        command.Secrets.ToDictionary(secret => secret.Name, secret => secret.Demand());

    // A folder that the command is not told of it has to make itself, or one that it forgot would look written.
    private void PrepareOutputs()
    {
        foreach (var output in run.Outputs)
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(run.OutputFolder, output.TrimEnd('/')))!);
    }

    private IEnumerable<string> Values(ArgumentTemplate argument, string root) => argument.Parts switch
    {
        [ArgumentPart.Inputs inputs] => run.Inputs(inputs.Name).Select(Given),
        var parts => [string.Concat(parts.Select(part => part switch
        {
            ArgumentPart.Text text => text.Value,
            ArgumentPart.Input input => Given(run.InputFile(input.Name)),
            ArgumentPart.Output output => run.Output(Declared(output.Name)),
            ArgumentPart.File file => Path.GetFullPath(file.Path, root),
            ArgumentPart.Option option => OptionValue(option.Name),
            ArgumentPart.Source => run.Source.Range is null
                ? run.Source.Path
                : throw new PipelineException($"The partition '{run.Partition}' is a range of lines of " +
                    $"'{run.Source.Name}', which a program cannot be given. Read it in C#, or name whole files."),
            ArgumentPart.Partition => run.Partition,
            _ => throw new InvalidOperationException($"BUG: the part {part} of an argument has no value."),
        }))],
    };

    // As people know the things: paths into a work folder tell them nothing.
    private IEnumerable<string> Shown(ArgumentTemplate argument) => argument.Parts switch
    {
        [ArgumentPart.Inputs inputs] => run.Inputs(inputs.Name)
            .Select(input => input.Partition is null ? input.Output : $"{input.Partition}/{input.Output}"),
        var parts => [string.Concat(parts.Select(part => part switch
        {
            ArgumentPart.Text text => text.Value,
            ArgumentPart.Input input => input.Name,
            ArgumentPart.Output output => output.Name,
            ArgumentPart.File file => file.Path,
            ArgumentPart.Option option => OptionValue(option.Name),
            ArgumentPart.Source => run.Source.Name,
            ArgumentPart.Partition => run.Partition,
            _ => throw new InvalidOperationException($"BUG: the part {part} of an argument has no text."),
        }))],
    };

    private static string Short(string text) => text.Length > MostShown ? $"{text[..MostShown]}…" : text;

    private string Declared(string output) => run.Outputs.First(one => one.TrimEnd('/') == output.TrimEnd('/'));

    private string OptionValue(string name) => _options.TryGetValue(name, out var value)
        ? value
        : throw new StageFailedException(
            $"The option '{name}' has no text that could be an argument. Use a number, a text, an enum or a date.");

    // Under its own name: programs tell formats by the ending of a name, which a stored artifact does not have.
    private string Given(InputFile input)
    {
        if (_given.TryGetValue(input, out var known))
            return known.Path;
        var path = input.Path;
        if (File.Exists(path))
        {
            path = Path.Combine(run.OutputFolder, "..", "in", input.Stage.ToString(), input.Partition ?? "",
                input.Output);
            path = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // Of an attempt before this one.
            File.Delete(path);
            if (OperatingSystem.IsWindows())
                File.Copy(input.Path, path);
            else
                File.CreateSymbolicLink(path, input.Path);
        }
        _given[input] = (path, FileIdentity.Of(input.Path));
        return path;
    }

    // For root a stored artifact is not read-only.
    private void DemandSameInputs()
    {
        foreach (var (input, given) in _given)
        {
            if (FileIdentity.Of(input.Path) == given.Identity)
                continue;
            try
            {
                _ = run.Artifact(input.Hash);
            }
            catch (LostArtifactException e)
            {
                throw new StageFailedException($"it changed its input '{input.Output}', which is kept for all who " +
                    $"read it. Let it work on a copy of its own. {e.Message}", e);
            }
        }
    }

    private static string Meaning(int exitCode) => exitCode is > 128 and <= 128 + LastSignal
        && !OperatingSystem.IsWindows()
        ? string.Create(CultureInfo.InvariantCulture, $"{exitCode}: ended by signal {exitCode - 128}") +
            (exitCode - 128) switch
            {
                1 => " (SIGHUP)",
                2 => " (SIGINT)",
                3 => " (SIGQUIT)",
                4 => " (SIGILL), an instruction that this processor does not have",
                6 => " (SIGABRT)",
                7 => " (SIGBUS)",
                8 => " (SIGFPE)",
                9 => " (SIGKILL), perhaps for want of memory",
                11 => " (SIGSEGV)",
                13 => " (SIGPIPE)",
                15 => " (SIGTERM)",
                _ => "",
            }
        : exitCode.ToString(CultureInfo.InvariantCulture);

    private string LastLines()
    {
        lock (_last)
            return _last.Count == 0
                ? "It printed nothing."
                : $"Its last lines:{string.Concat(_last.Select(line => $"\n  {line}"))}";
    }
}
