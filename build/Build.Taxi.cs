using MLBuild.Components;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Sweeps;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Rollouts;
using Nuke.Common;
using Nuke.Common.IO;
using TaxiFares;

/// <summary>What the components have to know of the example: the model that is deployed, the server that is started,
/// what a retraining learns from, what a sweep tries.</summary>
partial class Build
{
    [Parameter("Folds into which Sweep deals the training trips, 2..100")]
    public int SweepFolds { get; } = 3;
    [Parameter("Part of the training trips that Sweep takes at all, 0..1")]
    public double SweepShare { get; } = 1;
    [Parameter("rmse, mae, r2 or within-10-percent: what Sweep ranks by")]
    public string SweepMetric { get; } = "rmse";

    // What the components have: where versions are, what serves, and the loop from there to training.
    IRetrainModel Loop => this;

    public string ModelName => TaxiModel.Definition.Name;

    public AbsolutePath Server => RootDirectory / "src" / "TaxiFares.Server";

    IArrivingLabels? IDeployModel.CanaryEvidence => Loop.EvidenceFor(TaxiModel.Definition);

    MonitorOptions MonitorOptions => new()
    {
        Since = Since is { } since ? LookBack.Parse(since) : null,
        AsOf = AsOf,
        Drift = new() { KnownChanges = TaxiMonitoring.KnownChanges },
        History = Loop.MonitorHistory,
    };

    // A retraining learns also from what was monitored; a file in both is found once.
    AbsolutePath[] LearnFrom => Loop.IsRetraining ? [.. Data, .. RecentTrips] : Data;

    public Target Retrain => _ => _
        .Inherit<IRetrainModel>(loop => loop.Retrain)
        .Description("Monitors, and on drift or degradation learns from --data and --recent-trips together, and lets " +
            "the new version serve if its gate passes (--strategy none: a person does; --cool-down, --retrain-budget)");

    public SweepSpace<TrainingOptions> SweepSpace => TaxiSweep.Space;

    public TrainingOptions GivenTraining => new()
    {
        Trainer = Trainer,
        Iterations = Iterations,
        Leaves = Leaves,
        LearningRate = LearningRate,
        MinRowsPerLeaf = MinRowsPerLeaf,
        Bins = Bins,
        EarlyStoppingRounds = EarlyStoppingRounds,
        ValidationShare = ValidationShare,
        Threads = TrainingThreads,
        Seed = Seed,
    };

    Target Sample => _ => _
        .Description("Makes the sample trips in data/ anew")
        .Executes(() => SampleTrips.Write(RootDirectory / "data"));
}
