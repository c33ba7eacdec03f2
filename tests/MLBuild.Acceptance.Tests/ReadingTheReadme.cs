using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MLBuild.Acceptance.Tests;

/// <summary>What the README shows works as it stands there.</summary>
public sealed partial class ReadingTheReadme : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlbuild-readme-");

    [Fact]
    public void TheSmallBuildCompilesRunsAndThenHasNothingToDo()
    {
        var libraries = Path.GetDirectoryName(BuildProgram.Dll)!;
        Write("build/Build.cs", CSharp().Match(Readme).Groups[1].Value);
        Write("build/_build.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <NoWarn>CS0649;CS0414</NoWarn>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{libraries}/MLBuild.Nuke*.dll" />
                <Reference Include="{libraries}/MLBuild.Engine.dll" />
                <Reference Include="{libraries}/MLBuild.Store.dll" />
                <Reference Include="{libraries}/Serilog*.dll" />
              </ItemGroup>
            </Project>
            """);
        Write(".nuke/parameters.json", "{}");
        Write("texts/a.txt", "to be or not to be that is");
        Write("texts/b.txt", "the question whether nobler");
        var (exitCode, output) = Dotnet("build", "build", "--nologo", "-v", "quiet");
        Assert.True(exitCode == 0, output);

        var program = Path.Combine(_folder.FullName, "build", "bin", "Debug", "net10.0", "_build.dll");
        Assert.Equal(0, Dotnet(program, "--root", _folder.FullName).ExitCode);
        Assert.Equal("4\n", File.ReadAllText(Path.Combine(_folder.FullName, "artifacts", "Count", "count.txt")));
        Assert.Contains("nothing to do: 2 stages up to date", Dotnet(program, "--root", _folder.FullName).Output);
        Assert.Contains("rebuilding because parameter 'MinLength' changed: 4 -> 5",
            Dotnet(program, "--min-length", "5", "--root", _folder.FullName).Output);
    }

    [Fact]
    public void EveryTargetAndSwitchItNamesIsInTheHelp()
    {
        var help = BuildProgram
            .Run(new("dotnet", [BuildProgram.Dll, "--help", "--root", BuildProgram.Repository])).Output;
        var named = Command().Matches(Readme).Select(match => match.Value.Trim()).ToArray();
        Assert.Contains(named, command => command.StartsWith("./build.sh Register", StringComparison.Ordinal));
        Assert.All(named.SelectMany(command => command.Split(' ').Where((word, i) => i == 1 || word.StartsWith("--"))),
            word => Assert.Matches($@"(?m)^  {Regex.Escape(word)}\s", help));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Readme => File.ReadAllText(Path.Combine(BuildProgram.Repository, "README.md"));

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private (int ExitCode, string Output) Dotnet(params string[] arguments)
    {
        var (exitCode, output, _) = BuildProgram.Run(
            new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = _folder.FullName });
        return (exitCode, output.Trim());
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();

    [GeneratedRegex(@"\./build\.sh [A-Z][^`#\n]*")]
    private static partial Regex Command();
}
