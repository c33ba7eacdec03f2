using System.Diagnostics;
using System.Text;

namespace MLBuild.Acceptance.Tests;

/// <summary>This repository's build program, compiled by its bootstrapper once for all tests of a run. Tests start the
/// compiled program with <c>--root</c> on a folder of their own, so that none of them compiles.</summary>
internal static class BuildProgram
{
    private static readonly Lazy<string> Compiled = new(Compile);

    /// <summary>The folder with <c>build.sh</c>.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The program that <c>build.sh</c> runs.</summary>
    public static string Dll => Compiled.Value;

    /// <summary>Runs a program that needs no input.</summary>
    public static (int ExitCode, string Output, string Errors) Run(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    private static string Compile()
    {
        // The texts of the host are part of what is pinned, so the host is the one that needs no package feed.
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(
                "powershell", ["-NoProfile", "-ExecutionPolicy", "Bypass", "-File", "build.ps1", "--help"])
            : new ProcessStartInfo(Path.Combine(Repository, "build.sh"), ["--help"]);
        start.WorkingDirectory = Repository;
        start.Environment["BUILD_ENGINE"] = "compat";
        var (exitCode, output, errors) = Run(start);
        Assert.True(exitCode == 0, $"The build program does not compile.\n{errors}\n{output}");
        return Path.Combine(Repository, ".nuke", "bin", "compat", "_build.dll");
    }

    // Not [CallerFilePath]: the house maps source paths, so that assemblies are the same in every folder.
    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "build.sh")))
            folder = folder.Parent ?? throw new InvalidOperationException("no build.sh above the test assembly");
        return folder.FullName;
    }
}
