#nullable disable
using System.Diagnostics;
using System.Text;
using Nuke.Common.IO;
using Serilog;
using Serilog.Events;

namespace Nuke.Common.Tooling;

/// <summary>Starts programs. Their lines go to the log as they come; an interrupted build ends them.</summary>
public static class ProcessTasks
{
    // Statics that builds set, as in NUKE.
    public static bool DefaultLogOutput = true;
    public static bool DefaultLogInvocation = true;
    public static bool LogWorkingDirectory = true;
    public static string DefaultWorkingDirectory = EnvironmentInfo.WorkingDirectory;

    /// <summary>Runs a command of bash, or of cmd on Windows.</summary>
    public static IProcess StartShell(
        string command,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null,
        Func<string, string> outputFilter = null) =>
        StartProcess(
            EnvironmentInfo.IsWin ? "cmd" : "bash",
            (EnvironmentInfo.IsWin ? "/c " : "-c ") + Quoted(command),
            workingDirectory, environmentVariables, timeout, logOutput, logInvocation, logger, outputFilter);

    /// <summary>Takes an interpolated text, whose values are quoted where they need it.</summary>
    public static IProcess StartProcess(
        string toolPath,
        ArgumentStringHandler arguments,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null) =>
        StartProcess(
            toolPath, arguments.ToStringAndClear(), workingDirectory, environmentVariables, timeout, logOutput,
            logInvocation, logger, arguments.GetFilter());

    /// <param name="toolPath">A path, or a name that is looked up in PATH. A .dll is run by dotnet.</param>
    /// <param name="environmentVariables">All that the program gets; null means those of the build.</param>
    /// <param name="timeout">Milliseconds.</param>
    public static IProcess StartProcess(
        string toolPath,
        string arguments = null,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null,
        Func<string, string> outputFilter = null)
    {
        toolPath.NotNullOrEmpty();
        if (toolPath.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            (toolPath, arguments) = ("dotnet", $"{Quoted(toolPath)} {arguments}".TrimEnd());
        var filter = outputFilter ?? (line => line);
        var start = new ProcessStartInfo(ToolLookup.Resolve(toolPath), arguments ?? "")
        {
            WorkingDirectory = workingDirectory ?? DefaultWorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false
        };
        Assert.DirectoryExists(start.WorkingDirectory);
        if (environmentVariables != null)
        {
            start.Environment.Clear();
            foreach (var (name, value) in environmentVariables)
                start.Environment[name] = value;
        }
        if (logInvocation ?? DefaultLogInvocation)
            WriteInvocation(start, filter);
        return new ChildProcess(
            start, timeout, logOutput ?? DefaultLogOutput ? logger ?? DefaultLogger : null, filter);
    }

    public static void DefaultLogger(OutputType type, string output) =>
        // The line is a value, not a template: braces in it are its own.
        Log.Write(type == OutputType.Std ? LogEventLevel.Debug : LogEventLevel.Error, "{Line:l}", output);

    private static void WriteInvocation(ProcessStartInfo start, Func<string, string> filter)
    {
        var tool = ((AbsolutePath)start.FileName).ToString(AbsolutePath.DoubleQuoteIfNeeded);
        Log.Information("> {ToolPath:l} {Arguments:l}", tool, filter(start.Arguments));
        if (LogWorkingDirectory)
            Log.Write(
                start.WorkingDirectory == DefaultWorkingDirectory ? LogEventLevel.Verbose : LogEventLevel.Information,
                "@ {WorkingDirectory:l}", start.WorkingDirectory);
    }

    // As .NET takes a command line apart on every system: a quote is escaped by a backslash, and backslashes are
    // doubled only where a quote follows them.
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        var backslashes = 0;
        foreach (var character in text)
        {
            if (character == '"')
                quoted.Append('\\', backslashes + 1);
            backslashes = character == '\\' ? backslashes + 1 : 0;
            quoted.Append(character);
        }
        return quoted.Append('\\', backslashes).Append('"').ToString();
    }
}
