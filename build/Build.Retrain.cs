using MLBuild.Learning.Retraining;
using MLBuild.Nuke;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Retrain;
using MLBuild.Stages.Rollouts;
using MLBuild.Stages.Train;
using MLBuild.Store;
using Nuke.Common;
using Nuke.Common.IO;
using Serilog;

/// <summary>The loop: what Monitor sees makes a new model, and that serves if it is the better one.</summary>
partial class Build
{
    [Parameter("How long Retrain learns nothing after a retraining: 12h, 1d, 2w; 0h: it may at once")]
    readonly string CoolDown = "1d";
    [Parameter("How often Retrain learns in 28 days at most")] readonly int RetrainBudget = 4;

    // A retraining learns also from what was monitored; a file in both is found once.
    AbsolutePath[] LearnFrom =>
        ExecutionPlan.Any(target => target.Name == nameof(Retrain)) ? [.. Data, .. RecentTrips] : Data;

    RetrainOptions RetrainOptions => new(ModelName, ServingEnvironment, Who,
        new() { CoolDown = RetrainLimits.ParseCoolDown(CoolDown), Budget = RetrainBudget });

    RetrainSteps RetrainSteps
    {
        get
        {
            // What is given wrongly is said before anything is trained.
            var strategy = RetrainStrategy.Parse(Strategy);
            RolloutOptions.Validate();
            return new(
                Validate: () => Ensure(nameof(Validate)),
                Train: () => Output(nameof(Train), TrainStage.Model),
                Register: () => Ensure(nameof(Register)),
                Deploy: strategy is null ? null : version => MakeServe(
                    new(ModelName, version, ServingEnvironment, Who, Reason: null) { Why = "./build.sh Retrain" },
                    strategy));
        }
    }

    Target Retrain => _ => _
        .Description("Monitors, and on drift or degradation learns from --data and --recent-trips together, and lets " +
            "the new version serve if its gate passes (--strategy none: a person does; --cool-down, --retrain-budget)")
        .DependsOn(Monitor)
        .Executes(async () => Log.Information("{Done:l}", await new RetrainCommand(
            Registry, TimeProvider.System, Say).RunAsync(
                RetrainOptions,
                ReportFile.Read<MonitorReport>(Stored.Verified(Output(nameof(Monitor), MonitorStage.Report))),
                RetrainSteps)));

    void Ensure(string stage) => PipelineSession.Of(this).Run(stage);

    ContentHash Output(string stage, string name) => PipelineSession.Of(this).Run(stage).Units.Single()
        .Record.Outputs.Single(output => output.Name == name).Artifact.Hash;
}
