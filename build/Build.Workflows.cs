using MLBuild.Components;
using MLBuild.Engine.Inspection;
using MLBuild.Nuke.Workflows;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Rollouts;

/// <summary>What GitHub Actions does with this repository: ./build.sh Workflows writes it.</summary>
partial class Build : IWriteWorkflows
{
    // Without a shared registry versions are in the store, and go from run to run with it.
    static WorkflowVariable[] RegistryVariables =>
    [
        new("NUKE_WHO", "github.actor"),
        new("NUKE_MODEL_REGISTRY", "secrets.MODEL_REGISTRY"),
        new("PGPASSWORD", "secrets.MODEL_REGISTRY_PASSWORD"),
    ];

    public IReadOnlyList<IArtifactSummary> Summaries =>
        [new EvaluateSummary(Loop.Registry, ModelName), new MonitorSummary()];

    public IReadOnlyList<Workflow> DeclaredWorkflows =>
    [
        new Ci { Tests = "./.ci/run", Target = nameof(Card) },
        new TrainOnPush { Target = nameof(Register), Variables = RegistryVariables },
        // Its runners have no servers beside them: what was trained waits for somebody to start deploy.
        new MonitorOnSchedule { Target = nameof(Retrain), Variables = RegistryVariables },
        new DeployByHand
        {
            Target = nameof(IDeployModel.Deploy),
            Environments = ["production", "staging"],
            Strategies = DeployStrategy.All,
            Variables = RegistryVariables,
            // Deploy waits for an hour for something to be shown.
            TimeoutMinutes = 90,
        },
    ];
}
