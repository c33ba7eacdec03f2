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
using TaxiFares;

/// <summary>What is done with a registered model, and with this repository.</summary>
partial class Build
{
    [Parameter("Version of the model to deploy")] readonly int? ModelVersion;
    [Parameter("Deploys a version although its gate did not pass; needs --reason")] readonly bool Force;
    [Parameter("Why a version is forced; kept for ever")] readonly string? Reason;
    [Parameter("Who registers and deploys, for the history")] readonly string Who = System.Environment.UserName;
    [Parameter("Benchmarks to run: twelve, thousand, growth, files, branches, taxi, door; by default all")]
    readonly string[] Benchmarks = [];
    [Parameter("Address to serve on")] readonly string Urls = "http://127.0.0.1:8090";
    [Parameter("File that Serve adds features to, and that Skew compares: served.jsonl")]
    readonly AbsolutePath? FeatureLog;

    public IReadOnlyList<IArtifactView> Views => StageViews.All;

    public IReadOnlyList<IArtifactDifference> Differences => StageDifferences.All;

    public IReadOnlySet<ContentHash> NeededArtifacts => Registry.ReferencedArtifacts();

    string Store => PipelineSession.StoreOf(RootDirectory);

    string RegistryFile => Path.Combine(Store, "registry.db");

    IModelRegistry Registry => new SqliteModelRegistry(RegistryFile, TimeProvider.System);

    string FeatureLogging => FeatureLog is { } file ? $"--feature-log \"{file}\"" : "";

    string Serving(params string[] attachments) =>
        Champion.Of(Registry, TaxiModel.Definition.Name, Environment, attachments).ToString();

    Target Deploy => _ => _
        .Description("Makes a version serve (--model-version N; --force --reason \"…\" if its gate did not pass)")
        .Requires(() => ModelVersion)
        .Executes(() =>
            Log.Information("{Done:l}", DeployCommand.Run(Registry, PipelineSession.Of(this).Workspace.Artifacts,
            new(TaxiModel.Definition.Name, ModelVersion!.Value, Environment, Who, Force ? Reason ?? "" : null))));

    Target Serve => _ => _
        .Description("Serves the deployed version over HTTP until Ctrl+C")
        .Executes(() => ProcessTasks.StartProcess("dotnet",
            $"run --project {RootDirectory / "src" / "TaxiFares.Server"} -c Release -- --store {Store} " +
            $"--registry {RegistryFile} --environment {Environment} --urls {Urls} {FeatureLogging:nq}", RootDirectory)
                .AssertZeroExitCode());

    Target Sample => _ => _
        .Description("Makes the sample trips in data/ anew")
        .Executes(() => SampleTrips.Write(RootDirectory / "data"));

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

    Target Test => _ => _
        .Description("Runs all tests")
        .Executes(() =>
        {
            var process = ProcessTasks.StartProcess("dotnet", "test MLBuild.sln -c Release --nologo", RootDirectory)
                .AssertWaitForExit();
            var counts = process!.Output.Select(line =>
                Regex.Match(line.Text, @"Failed: +(\d+), Passed: +(\d+), Skipped: +(\d+)"))
                .Where(match => match.Success).Select(match => match.Groups.Values.Skip(1)
                    .Select(group => int.Parse(group.Value)).ToArray()).ToArray();
            // A line of its own, for whoever reads the log of a build server.
            var (failed, passed, skipped) = (counts.Sum(c => c[0]), counts.Sum(c => c[1]), counts.Sum(c => c[2]));
            Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
            Assert.True(process.ExitCode == 0, "Some tests failed; they are named above.");
        });
}
