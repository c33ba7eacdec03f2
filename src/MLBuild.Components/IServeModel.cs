using MLBuild.Nuke;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace MLBuild.Components;

/// <summary>Targets that serve the deployed version over HTTP. A build gets them by naming this component, or
/// <see cref="IDeployModel"/>.</summary>
public interface IServeModel : IHaveRegistry
{
    [Parameter("Address to serve on")]
    string Urls => TryGetValue(() => Urls) ?? "http://127.0.0.1:8090";

    [Parameter("Addresses of the servers that Balance sends requests to")]
    string[] Servers => TryGetValue(() => Servers) ?? [];

    [Parameter("Folder that Serve logs predictions to, that Skew compares, Monitor judges, and Deploy takes with " +
        "--canary-labels")]
    AbsolutePath? PredictionLog => TryGetValue(() => PredictionLog);

    [Parameter("File of the keys that Serve and Balance demand for GET /model, and Serve for GET /metrics: a name " +
        "and a SHA-256 a line")]
    AbsolutePath? ApiKeys => TryGetValue(() => ApiKeys);

    /// <summary>The project that serves the model.</summary>
    AbsolutePath Server { get; }

    Target Serve => _ => _
        .Description("Serves the deployed version over HTTP until Ctrl+C")
        .Executes(() => ProcessTasks.StartProcess("dotnet",
            $"run --project {Server} -c Release -- --store {PipelineSession.StoreOf(RootDirectory)} " +
            $"--registry {RegistryPlace.AsArgument()} --environment {ServingEnvironment} --urls {Urls} " +
            $"{ServeSwitches:nq}",
            RootDirectory).AssertZeroExitCode());

    Target Balance => _ => _
        .Description("Sends requests to --servers, to those that are ready, until Ctrl+C")
        .Executes(() => ProcessTasks.StartProcess("dotnet",
            $"run --project {Server} -c Release -- balance --servers {string.Join(';', Servers)} --urls {Urls} " +
            $"{KeySwitch:nq}",
            RootDirectory).AssertZeroExitCode());

    private string ServeSwitches => (PredictionLog is { } log ? $"--prediction-log \"{log}\" " : "") + KeySwitch;

    private string KeySwitch => ApiKeys is { } keys ? $"--api-keys \"{keys}\"" : "";
}
