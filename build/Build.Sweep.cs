using MLBuild.Learning.Models;
using MLBuild.Learning.Sweeps;
using Nuke.Common;
using TaxiFares;

/// <summary>What the search for the best options has to know of the fare model.</summary>
partial class Build
{
    [Parameter("Folds into which Sweep deals the training trips, 2..100")]
    public int SweepFolds { get; } = 3;
    [Parameter("Part of the training trips that Sweep takes at all, 0..1")]
    public double SweepShare { get; } = 1;
    [Parameter("rmse, mae, r2 or within-10-percent: what Sweep ranks by")]
    public string SweepMetric { get; } = "rmse";

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
}
