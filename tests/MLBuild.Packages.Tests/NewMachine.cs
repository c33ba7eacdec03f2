using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MLBuild.Packages.Tests;

/// <summary>A machine that has never seen this repository: an empty home with an empty package cache, and MLBuild's
/// packages in <c>~/mlbuild/packages</c>. The packages of others come from a folder, so no test needs a
/// network.</summary>
public sealed partial class NewMachine : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("mlbuild-home-");

    public NewMachine()
    {
        Write(".nuget/NuGet/NuGet.Config", $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="others" value="{PackedFolder.OthersPath}" />
              </packageSources>
            </configuration>
            """);
        foreach (var package in Directory.GetFiles(PackedFolder.Path, "*.nupkg"))
            File.Copy(package, Prepare($"mlbuild/packages/{Path.GetFileName(package)}"));
    }

    public string PathOf(string relative) => Path.Combine(_home.FullName, relative);

    public string Read(string relative) => File.ReadAllText(PathOf(relative));

    public void Write(string relative, string text) => File.WriteAllText(Prepare(relative), text);

    /// <summary>Runs a command line in a folder of the home, as somebody types it.</summary>
    public string Run(string folder, string command)
    {
        var (exitCode, output) = PackedFolder.Run(StartInfo(folder, command));
        Assert.True(exitCode == 0, $"'{command}' ended with {exitCode}.\n{output}");
        return output;
    }

    /// <summary>Starts a command line and leaves it running; its output is redirected.</summary>
    public Process Start(string folder, string command)
    {
        var start = StartInfo(folder, command);
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        return Process.Start(start)!;
    }

    /// <summary>The targets whose code ran, as the table at the end says.</summary>
    public static IReadOnlyList<string> Ran(string output) =>
        [.. RanRow().Matches(output).Select(row => row.Groups[1].Value)];

    public void Dispose() => _home.Delete(recursive: true);

    private ProcessStartInfo StartInfo(string folder, string command)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", command])
        {
            WorkingDirectory = PathOf(folder),
        };
        foreach (var name in (string[])
            ["BUILD_ENGINE", "CI", "GITHUB_ACTIONS", "MLBUILD_STORE", "NUKE_ROOT", "MSBuildSDKsPath"])
            start.Environment.Remove(name);
        start.Environment["HOME"] = start.Environment["DOTNET_CLI_HOME"] = _home.FullName;
        start.Environment["NUGET_PACKAGES"] = PathOf("packages");
        return start;
    }

    private string Prepare(string relative)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        return PathOf(relative);
    }

    [GeneratedRegex(@"^(\w+)\s+Succeeded\s.*// Ran: ", RegexOptions.Multiline)]
    private static partial Regex RanRow();
}
