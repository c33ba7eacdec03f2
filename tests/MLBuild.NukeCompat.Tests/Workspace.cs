using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace MLBuild.NukeCompat.Tests;

/// <summary>A temporary root directory in which builds of the program Builds run as processes.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly Dictionary<string, string> _variables = [];

    public Workspace() => Directory.CreateDirectory(Path.Combine(Root, ".nuke"));

    public string Root { get; } = Directory.CreateTempSubdirectory("nuke-compat-").FullName;

    public Workspace With(string file, string text)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    public Workspace WithVariable(string name, string value)
    {
        _variables[name] = value;
        return this;
    }

    /// <summary>Runs a build with arguments parted by spaces, from the root or a directory in it.</summary>
    public BuildResult Run(string build, string arguments = "", string directory = "")
    {
        using var process = Start(build, arguments, directory);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(output + errors.Result, process.ExitCode, Root);
    }

    public Process Start(string build, string arguments = "", string directory = "")
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = Path.Combine(Root, directory),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8
        };
        start.ArgumentList.Add(Program());
        foreach (var argument in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            start.ArgumentList.Add(argument);
        // Variables of this machine could be read as parameters; a build server's would choose another host.
        string[] kept = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", "DOTNET_ROOT"];
        foreach (var name in start.Environment.Keys.Except(kept).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in _variables)
            start.Environment[name] = value;
        start.Environment["BUILD"] = build;
        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string Program()
    {
        // …/MLBuild.NukeCompat.Tests/bin/Debug/net10.0/
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = framework.Parent!;
        return Path.Combine(
            configuration.Parent!.Parent!.FullName, "Builds", "bin", configuration.Name, framework.Name, "Builds.dll");
    }
}

/// <summary>What a build printed, with clock, date and root replaced by words, and its exit code.</summary>
internal sealed partial record BuildResult
{
    public BuildResult(string output, int exitCode, string root)
    {
        Raw = output;
        ExitCode = exitCode;
        var text = Clock().Replace(output.Replace(root, "ROOT"), "HH:MM:SS [");
        Lines = [.. Date().Replace(text, "$1 DATE.").Split('\n')
            .Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
    }

    public string Raw { get; }
    public int ExitCode { get; }

    /// <summary>Without empty ones.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>The messages of the log.</summary>
    public IReadOnlyList<string> Messages =>
        [.. Lines.Where(line => line.StartsWith("HH:MM:SS [")).Select(line => line["HH:MM:SS [INF] ".Length..])];

    /// <summary>What was printed between the banner and the log or the summary: answers and refusals.</summary>
    public IReadOnlyList<string> Answer =>
        [.. Lines.Skip(1).TakeWhile(line => !line.StartsWith("HH:MM:SS [") && line[0] is not ('╬' or '═'))];

    /// <summary>The rows of the summary without durations, such as "Fetch Skipped // Skipped: via parameter".</summary>
    public IReadOnlyList<string> Summary =>
        [.. Lines.SkipWhile(line => !line.StartsWith("Target\u00A0")).Skip(2).TakeWhile(line => line[0] != '─')
            .Select(line => Spaces().Replace(Duration().Replace(line, ""), " ").Trim())];

    [GeneratedRegex(@"\d\d:\d\d:\d\d \[")]
    private static partial Regex Clock();

    [GeneratedRegex(@"(Build (?:succeeded|failed) on) [^.]+\.")]
    private static partial Regex Date();

    [GeneratedRegex(@"\s(< 1sec|\d+:\d\d)")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
