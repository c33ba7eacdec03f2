using System.Text.RegularExpressions;
using MLBuild.Engine.Inspection;
using MLBuild.Nuke;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Views;
using MLBuild.Store;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Serilog;

/// <summary>What is done with a registered model, and with this repository.</summary>
partial class Build
{
    [Parameter("Version of the model")] readonly int? ModelVersion;
    [Parameter("Who registers and deploys, for the history")] readonly string Who = Environment.UserName;
    [Parameter("Benchmarks to run: twelve, thousand, growth, files, looking, branches, taxi, door, serving; by " +
        "default all")]
    readonly string[] Benchmarks = [];
    [Parameter("Where model versions are kept: a file, or Host=…;Database=…;Username=… of PostgreSQL (its password: " +
        "PGPASSWORD, ~/.pgpass); by default a file in the store")]
    readonly string? ModelRegistry;
    [Parameter("Address to serve on")] readonly string Urls = "http://127.0.0.1:8090";
    [Parameter("Addresses of the servers that Balance sends requests to")] readonly string[] Servers = [];
    [Parameter("Folder that Serve logs predictions to, that Skew compares, Monitor judges, and Deploy takes with " +
        "--canary-labels")]
    readonly AbsolutePath? PredictionLog;
    [Parameter("File of the keys that Serve and Balance demand for GET /model, and Serve for GET /metrics: a name " +
        "and a SHA-256 a line")]
    readonly AbsolutePath? ApiKeys;

    public IReadOnlyList<IArtifactView> Views => StageViews.All;

    public IReadOnlyList<ArtifactKeeper> Keepers => VersionKeepers.Of(Registry, ModelName);

    public IReadOnlyList<IArtifactDifference> Differences => StageDifferences.All;

    public IReadOnlySet<ContentHash> NeededArtifacts => Registry.ReferencedArtifacts();

    string Store => PipelineSession.StoreOf(RootDirectory);

    // A workflow sets variables that it has no value for to the empty text.
    RegistryPlace RegistryPlace => RegistryPlace.Parse(
        ModelRegistry is { Length: > 0 } place ? place : Path.Combine(Store, "registry.db"), RootDirectory)
        .DemandNoPassword();

    IModelRegistry Registry => RegistryPlace.Open(TimeProvider.System);

    string ServeSwitches => (PredictionLog is { } log ? $"--prediction-log \"{log}\" " : "") + KeySwitch;

    string KeySwitch => ApiKeys is { } keys ? $"--api-keys \"{keys}\"" : "";

    string Serving(params string[] attachments) =>
        Champion.Of(Registry, ModelName, ServingEnvironment, attachments).ToString();

    string EverServed(params string[] attachments) =>
        ServedVersions.Of(Registry, ModelName, ServingEnvironment, attachments);

    Target Serve => _ => _
        .Description("Serves the deployed version over HTTP until Ctrl+C")
        .Executes(() => ProcessTasks.StartProcess("dotnet",
            $"run --project {Server} -c Release -- --store {Store} " +
            $"--registry {RegistryPlace.AsArgument()} --environment {ServingEnvironment} --urls {Urls} " +
            $"{ServeSwitches:nq}",
            RootDirectory).AssertZeroExitCode());

    Target Balance => _ => _
        .Description("Sends requests to --servers, to those that are ready, until Ctrl+C")
        .Executes(() => ProcessTasks.StartProcess("dotnet",
            $"run --project {Server} -c Release -- balance --servers {string.Join(';', Servers)} --urls {Urls} " +
            $"{KeySwitch:nq}",
            RootDirectory).AssertZeroExitCode());

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
