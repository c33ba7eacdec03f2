using System.Text.RegularExpressions;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

/// <summary>What is done with this repository.</summary>
partial class Build
{
    [Parameter("Benchmarks to run: twelve, thousand, growth, files, looking, branches, taxi, door, serving; by " +
        "default all")]
    readonly string[] Benchmarks = [];

    Target Bench => _ => _
        .Description("Measures builds beside other build tools, and writes tests/MLBuild.Benchmarks/results")
        .Executes(() =>
        {
            Assert.True(Data.Length == 1, $"Bench takes one folder with a CSV file for each month, and --data names " +
                $"{Data.Length}. Name one.");
            ProcessTasks.StartProcess("dotnet",
                $"run --project {RootDirectory / "tests" / "MLBuild.Benchmarks"} -c Release -- " +
                $"{string.Join(' ', Benchmarks):nq} --data {Data[0]}", RootDirectory)
                .AssertZeroExitCode();
        });

    // Those of whole builds first: they take longest.
    IEnumerable<string> TestPrograms => (RootDirectory / "tests").GlobFiles("*.Tests/*.Tests.csproj")
        .Select(project => project.NameWithoutExtension).OrderBy(name => name != "MLBuild.Acceptance.Tests")
        .ThenBy(name => name, StringComparer.Ordinal).Select(name => $"tests/{name}/bin/Release/net10.0/{name}.dll");

    Target Test => _ => _
        .Description("Runs all tests")
        .Executes(() =>
        {
            // Not 'dotnet test' of the solution, where a project may wait for another that it has nothing to do with.
            ProcessTasks.StartProcess("dotnet", "build MLBuild.sln -c Release --nologo -v quiet", RootDirectory)
                .AssertZeroExitCode();
            // A test that hangs is named and ends its project, instead of being waited for until somebody looks.
            var process = ProcessTasks.StartProcess("dotnet", $"test {string.Join(' ', TestPrograms):nq} --nologo " +
                "--logger console;verbosity=minimal --blame-hang-timeout 15m --blame-hang-dump-type none " +
                "-- RunConfiguration.MaxCpuCount=0", RootDirectory).AssertWaitForExit();
            var counts = process!.Output.Select(line =>
                Regex.Match(line.Text, @"Failed: +(\d+), Passed: +(\d+), Skipped: +(\d+)"))
                .Where(match => match.Success).Select(match => match.Groups.Values.Skip(1)
                    .Select(group => int.Parse(group.Value)).ToArray()).ToArray();
            // A line of its own, for whoever reads the log of a build server.
            var (failed, passed, skipped) = (counts.Sum(c => c[0]), counts.Sum(c => c[1]), counts.Sum(c => c[2]));
            if (counts.Length > 0)
                Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
            Assert.True(process.ExitCode == 0, "Some tests failed; they are named above.");
            Assert.True(counts.Length > 0, "'dotnet test' succeeded and gave no counts, expected lines with " +
                "'Failed: 0, Passed: 12, Skipped: 0'. In another language it has other words: set " +
                "DOTNET_CLI_UI_LANGUAGE=en, as build.sh does.");
        });
}
