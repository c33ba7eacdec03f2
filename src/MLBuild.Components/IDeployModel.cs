using MLBuild.Nuke;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Lineage;
using MLBuild.Stages.Register;
using MLBuild.Stages.Rollouts;
using MLBuild.Store;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Serilog;

namespace MLBuild.Components;

/// <summary>What is done with registered versions: targets that list, deploy, serve and take back. A build gets them by
/// naming this component.</summary>
public interface IDeployModel : IHaveRegistry
{
    [Parameter("Version of the model")]
    int? ModelVersion => TryGetValue<int?>(() => ModelVersion);

    [Parameter("Why a version is deployed although its gate did not pass; kept for ever")]
    string? ForceBecause => TryGetValue(() => ForceBecause);

    [Parameter("How a version takes the place of the one that serves: direct, canary, blue-green or shadow")]
    string Strategy => TryGetValue(() => Strategy) ?? DeployStrategy.Direct;

    [Parameter("Address to serve on, http://127.0.0.1:8090 by default")]
    string Urls => TryGetValue(() => Urls) ?? "http://127.0.0.1:8090";

    [Parameter("Folder that Serve logs predictions to")]
    AbsolutePath? PredictionLog => TryGetValue(() => PredictionLog);

    /// <summary>The project that serves the model.</summary>
    AbsolutePath Server { get; }

    /// <summary>What a canary must show.</summary>
    RolloutOptions Rollout => new();

    private LocalArtifactStore Stored => PipelineSession.Of(this).Workspace.Artifacts;

    Target Versions => _ => _
        .Description("Lists the model's versions (--model-version N for all that is known of one)")
        .Executes(() => Print(VersionsCommand.Run(
            Registry, ModelName, ModelVersion, withArchived: false, file: null, ConsolePage.OfThisConsole())));

    Target Lineage => _ => _
        .Description("Says what made a version and where it went (--model-version N)")
        .Requires(() => ModelVersion)
        .Executes(() => Print(LineageCommand.Run(
            Registry, Stored, ModelName, ModelVersion!.Value, file: null, ConsolePage.OfThisConsole())));

    Target Deploy => _ => _
        .Description("Makes a version serve (--model-version N; --strategy canary, blue-green or shadow; " +
            "--force-because \"…\" if its gate did not pass)")
        .Requires(() => ModelVersion)
        .Executes(async () =>
        {
            var deployment = new DeployOptions(
                ModelName, ModelVersion!.Value, ServingEnvironment, Who, ForceBecause);
            Say(DeployStrategy.Parse(Strategy, areLabelsNamed: false) is { } rollout
                ? await new RolloutCommand(Registry, Stored, TimeProvider.System, Say, null)
                    .RunAsync(deployment, Rollout with { Strategy = rollout }, CancellationToken.None)
                : DeployCommand.Run(Registry, Stored, deployment));
        });

    Target Rollback => _ => _
        .Description("Ends a rollout, or deploys again what served before (--because \"…\")")
        .Requires(() => Because)
        .Executes(() => Say(
            RolloutDecision.Rollback(Registry, Stored, ModelName, ServingEnvironment, Who, Because!)));

    Target Status => _ => _
        .Description("Says what serves, what is being rolled out, and what each server says")
        .Executes(() => Print(
            StatusText.Lines(Registry, ModelName, ServingEnvironment, TimeProvider.System.GetUtcNow(),
                ConsolePage.OfThisConsole())));

    Target Serve => _ => _
        .Description("Serves the deployed version over HTTP until Ctrl+C")
        .Executes(() => ProcessTasks.StartProcess("dotnet",
            $"run --project {Server} -c Release -- --store {PipelineSession.StoreOf(RootDirectory)} " +
            $"--registry {RegistryPlace.AsArgument()} --environment {ServingEnvironment} --urls {Urls} " +
            $"{(PredictionLog is { } log ? $"--prediction-log \"{log}\"" : ""):nq}",
            RootDirectory).AssertZeroExitCode());

    private static void Say(string line) => Log.Information("{Line:l}", line);

    private static void Print(IEnumerable<string> lines) => ConsolePage.Print(lines);
}
