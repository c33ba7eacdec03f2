using System.Diagnostics;

namespace MLBuild.Acceptance.Tests;

/// <summary>A build project of its own in a temporary folder, compiled against this repository's libraries.</summary>
internal sealed class SmallBuild : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlbuild-small-");

    /// <param name="build">The text of its <c>Build.cs</c>.</param>
    public SmallBuild(string build)
        : this(build, Libraries(Path.GetDirectoryName(BuildProgram.Dll)!))
    {
    }

    private SmallBuild(string build, string references)
    {
        Write("build/Build.cs", build);
        Write("build/_build.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <NoWarn>CS0649;CS0414</NoWarn>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                {references}
              </ItemGroup>
            </Project>
            """);
        Write(".nuke/parameters.json", "{}");
        Write("Directory.Packages.props",
            File.ReadAllText(Path.Combine(BuildProgram.Repository, "Directory.Packages.props")));
        var compiled = Dotnet("build", "build", "-c", "Release", "--nologo", "-v", "quiet");
        Assert.True(compiled.ExitCode == 0, compiled.Text);
    }

    /// <summary>One that refers to projects of this repository by name, as the build of another team does.</summary>
    public static SmallBuild OfProjects(string build, params string[] projects)
    {
        // Compiled first: both write to the obj folders of these projects.
        _ = BuildProgram.Dll;
        return new(build, string.Join('\n', projects.Select(project =>
            $"<ProjectReference Include=\"{BuildProgram.Repository}/src/{project}/{project}.csproj\" />")));
    }

    public string Root => _folder.FullName;

    /// <summary>The program that it was compiled to.</summary>
    public string Program => Path.Combine(Root, "build", "bin", "Release", "net10.0", "_build.dll");

    public void Write(string name, string text)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public string Read(string name) => File.ReadAllText(Path.Combine(Root, name));

    public BuildResult Run(params string[] arguments) => Dotnet([Program, .. arguments, "--root", Root]);

    /// <summary>The same with variables on top of the test's own environment; null removes.</summary>
    public BuildResult Run(string[] arguments, params (string Name, string? Value)[] variables)
    {
        var (exitCode, output, errors) = BuildProgram.Run(With(variables, arguments));
        return new(exitCode, output + errors, Root);
    }

    /// <summary>Starts it without waiting for it; its output is redirected.</summary>
    public Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Program, .. arguments, "--root", Root]) { RedirectStandardOutput = true })!;

    /// <summary>The same with variables on top of the test's own environment.</summary>
    public Process Start(string[] arguments, params (string Name, string? Value)[] variables)
    {
        var start = With(variables, arguments);
        start.RedirectStandardOutput = true;
        return Process.Start(start)!;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Libraries(string folder) => $"""
        <Reference Include="{folder}/MLBuild.Nuke*.dll" />
        <Reference Include="{folder}/MLBuild.Engine.dll" />
        <Reference Include="{folder}/MLBuild.Store.dll" />
        <Reference Include="{folder}/Serilog*.dll" />
        """;

    private ProcessStartInfo With((string Name, string? Value)[] variables, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments, "--root", Root]) { WorkingDirectory = Root };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return start;
    }

    private BuildResult Dotnet(params string[] arguments)
    {
        var (exitCode, output, errors) =
            BuildProgram.Run(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Root });
        return new(exitCode, output + errors, Root);
    }
}
