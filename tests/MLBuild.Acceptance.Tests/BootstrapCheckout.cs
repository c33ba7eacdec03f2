using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MLBuild.Acceptance.Tests;

/// <summary>What a start of the build left: <paramref name="Said"/> is stderr, where the bootstrapper speaks;
/// <paramref name="Output"/> is stdout, which belongs to the build program alone.</summary>
public sealed record Outcome(int ExitCode, string Output, string Said)
{
    public string[] Lines => Said.Split(System.Environment.NewLine);

    public bool Compiled => Lines.Contains("compiling build/_build.csproj");
}

/// <summary>A temporary repository with the real bootstrapper and a tiny build program. Its path has a space and an
/// umlaut; its package cache is its own and its package feed is an empty folder, so no test needs a network.</summary>
public sealed class BootstrapCheckout : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mlbuild ü ");

    public BootstrapCheckout()
    {
        foreach (var name in (string[])["build.sh", "build.ps1", "global.json"])
            File.Copy(Path.Combine(BuildProgram.Repository, name), Prepare(name));
        Write("build/_build.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <UseAppHost>false</UseAppHost>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
            </Project>
            """);
        Write("build/Build.cs", """
            Console.WriteLine("first text");
            foreach (var arg in args) Console.WriteLine($"<{arg}>");
            if (args is ["read"]) Console.Write(Console.In.ReadToEnd());
            if (args is ["language"]) Console.Write(Environment.GetEnvironmentVariable("DOTNET_CLI_UI_LANGUAGE"));
            if (args is ["pid"]) Console.Write(Environment.ProcessId);
            return args is ["exit", var code] ? int.Parse(code) : 0;
            """);
        Write("Directory.Packages.props", """
            <Project>
              <ItemGroup><PackageVersion Include="Nuke.Common" Version="10.1.0" /></ItemGroup>
            </Project>
            """);
        Directory.CreateDirectory(Prepare("feed"));
        UseFeed("feed");
        Environment["BUILD_ENGINE"] = "compat";
        Environment["NUGET_PACKAGES"] = PathOf("packages");
        Environment["CI"] = null;
    }

    /// <summary>The dotnet that runs this test.</summary>
    public static string Dotnet { get; } =
        Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());

    /// <summary>Set for each start on top of the test's own environment; null removes.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    public string PathOf(string relative) => Path.Combine(_parent.FullName, "check out", relative);

    public string Read(string relative) => File.ReadAllText(PathOf(relative));

    public void Write(string relative, string text) => File.WriteAllText(Prepare(relative), text);

    public void WriteScript(string relative, string body)
    {
        Write(relative, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(PathOf(relative), File.GetUnixFileMode(PathOf(relative)) | UnixFileMode.UserExecute);
    }

    /// <summary>Puts a script before the machine's programs of the same name.</summary>
    public void ReplaceProgram(string name, string body)
    {
        WriteScript($"tools/{name}", body);
        Environment["PATH"] = PathOf("tools") + ":" + System.Environment.GetEnvironmentVariable("PATH");
    }

    /// <summary>From now on a compile only prints its command line, and the program does nothing: a start costs
    /// milliseconds. Restoring is real.</summary>
    public void PretendToCompile() => ReplaceProgram("dotnet", $"""
        case $1 in
        restore) exec '{Dotnet}' "$@" ;;
        msbuild) mkdir -p .nuke/bin/compat .nuke/bin/nuke .nuke/bin/fallout && echo "$@" ;;
        esac
        """);

    public void UseFeed(string source) => Write("nuget.config", $"""
        <configuration>
          <packageSources>
            <clear />
            <add key="test" value="{source}" allowInsecureConnections="true" />
          </packageSources>
        </configuration>
        """);

    /// <summary>An independent copy with everything that is compiled and remembered here.</summary>
    public BootstrapCheckout Copy()
    {
        var copy = new BootstrapCheckout();
        foreach (var file in Directory.EnumerateFiles(PathOf(""), "*", SearchOption.AllDirectories))
            File.Copy(file, copy.Prepare(Path.GetRelativePath(PathOf(""), file)), overwrite: true);
        return copy;
    }

    public Outcome Run(params string[] arguments) => Finish(Start(arguments));

    public Process Start(params string[] arguments)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("powershell",
                ["-NoProfile", "-ExecutionPolicy", "Bypass", "-File", PathOf("build.ps1"), .. arguments])
            : new ProcessStartInfo(PathOf("build.sh"), arguments);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static Outcome Finish(Process process, string input = "")
    {
        using (process)
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            var said = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new Outcome(process.ExitCode, output, said.Result);
        }
    }

    public void Dispose() => _parent.Delete(recursive: true);

    private string Prepare(string relative)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        return PathOf(relative);
    }
}
