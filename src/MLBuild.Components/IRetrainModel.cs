using MLBuild.Learning.Retraining;
using MLBuild.Nuke;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Retrain;
using MLBuild.Stages.Train;
using MLBuild.Store;
using Nuke.Common;

namespace MLBuild.Components;

/// <summary>The loop: what Monitor sees makes a new model, and that serves if it is the better one. A build gets it by
/// naming this component beside <see cref="IMonitorModel{TRow}"/>, or beside targets of its own that have the names of
/// those.</summary>
public interface IRetrainModel : IDeployModel, IWatchModel
{
    [Parameter("How long Retrain learns nothing after a retraining: 12h, 1d, 2w; 0h: it may at once")]
    string CoolDown => TryGetValue(() => CoolDown) ?? "1d";

    [Parameter("How often Retrain learns in 28 days at most")]
    int RetrainBudget => TryGetValue<int?>(() => RetrainBudget) ?? 4;

    /// <summary>Whether this run may train anew: then it learns also from what was monitored.</summary>
    bool IsRetraining => ExecutionPlan.Any(target => target.Name == nameof(Retrain));

    Target Retrain => _ => _
        .Description("Monitors, and on drift or degradation learns from --data and --recent-rows together, and lets " +
            "the new version serve if its gate passes (--strategy none: a person does; --cool-down, --retrain-budget)")
        .DependsOn(Monitor)
        .Executes(async () => Say(await new RetrainCommand(Registry, TimeProvider.System, Say).RunAsync(
            new(ModelName, ServingEnvironment, Who,
                new() { CoolDown = RetrainLimits.ParseCoolDown(CoolDown), Budget = RetrainBudget }),
            ReportFile.Read<MonitorReport>(Stored.Verified(Output(nameof(Monitor), MonitorStage.Report))),
            Steps())));

    private RetrainSteps Steps()
    {
        // What is given wrongly is said before anything is trained.
        var strategy = RetrainStrategy.Parse(Strategy);
        Rollout.Validate();
        if (strategy is not null)
            DemandDeployable(strategy);
        return new(
            Validate: () => Ensure(nameof(ITrainModel<>.Validate)),
            Train: () => Output(nameof(ITrainModel<>.Train), TrainStage.Model),
            Register: () => Ensure(nameof(ITrainModel<>.Register)),
            Deploy: strategy is null ? null : version => MakeServe(
                new(ModelName, version, ServingEnvironment, Who, Reason: null) { Why = "./build.sh Retrain" },
                strategy));
    }

    private void Ensure(string stage) => PipelineSession.Of(this).Run(stage);

    private ContentHash Output(string stage, string name) => PipelineSession.Of(this).Run(stage).Units.Single()
        .Record.Outputs.Single(output => output.Name == name).Artifact.Hash;
}
