using System.Diagnostics;
using System.Text;

namespace MLBuild.Packages.Tests;

/// <summary>The packages of this repository, written once for all tests from what is compiled.</summary>
internal static class PackedFolder
{
    private static readonly Lazy<string> Packed = new(Pack);

    /// <summary>The folder that these tests were compiled in.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The folder with the packages.</summary>
    public static string Path => Packed.Value;

    /// <summary>The folder that packages of others come from: what this repository was restored to, which is laid out
    /// as a feed in a folder is.</summary>
    public static string OthersPath =>
        System.Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
        ? set
        : System.IO.Path.Combine(
            System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Runs a program that needs no input.</summary>
    public static (int ExitCode, string Output) Run(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    private static string Pack()
    {
        var folder = Directory.CreateTempSubdirectory("mlbuild-packages-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var configuration = AppContext.BaseDirectory.Contains(
            $"{System.IO.Path.DirectorySeparatorChar}Release{System.IO.Path.DirectorySeparatorChar}",
            StringComparison.Ordinal) ? "Release" : "Debug";
        var (exitCode, output) = Run(new("dotnet",
            ["pack", "src/Packages.slnf", "-c", configuration, "-o", folder, "--no-build", "--nologo", "-v", "q"])
        { WorkingDirectory = Repository });
        Assert.True(exitCode == 0, output);
        return folder;
    }

    // Not [CallerFilePath]: the house maps source paths, so that assemblies are the same in every folder.
    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "MLBuild.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("no MLBuild.sln above the test assembly");
        return folder.FullName;
    }
}
