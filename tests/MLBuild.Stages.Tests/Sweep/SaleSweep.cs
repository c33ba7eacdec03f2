using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Models;
using MLBuild.Learning.Sweeps;
using MLBuild.Stages.Features;
using MLBuild.Stages.Sweep;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Sweep;

/// <summary>The pipeline of sales with a sweep over its model. A test changes the plan, or what scores a point.
/// </summary>
internal sealed class SaleSweep(PipelineSpace space)
{
    public static SweepSpace<TrainingOptions> Space => new SweepSpace<TrainingOptions>()
        .With("leaves", SweepRange.Values(2, 4, 8), (options, leaves) => options with { Leaves = leaves })
        .With("rate", SweepRange.Values(0.01, 0.2), (options, rate) => options with { LearningRate = rate })
        .SimplestFirst(options => options.Leaves);

    public static readonly TrainingOptions Rest =
        new() { Trainer = TrainerKind.FastTree, Iterations = 10, MinRowsPerLeaf = 5 };

    public SweepPlan<TrainingOptions> Plan { get; set; } = new()
    {
        Points = Space.Grid(Rest),
        Metric = ModelTrials.Metric("rmse"),
        Folds = new() { Count = 3 },
    };

    /// <summary>Trains and scores.</summary>
    public TrialScorer<TrainingOptions> Score { get; set; } = ModelTrials.Score;

    public Pipeline Pipeline => new(
    [
        .. new SaleBuild(space).Pipeline.InOrder,
        new StageBuilder(new("Trials")).ForEach(() => Plan.Trials())
            .Reads(new("Features"), FeaturesStage.Train, FeaturesStage.Schema)
            .Writes(TrialStage.Outputs)
            .Runs<TrialOptions<TrainingOptions>, TrialOptions<TrainingOptions>>(
                (run, trial) => TrialStage.Run(run, trial, Score), trial => trial).Build(),
        new StageBuilder(new("Sweep")).Reads(new("Trials"), TrialStage.Score).Writes(SweepStage.Outputs)
            .Runs<SweepOptions>(SweepStage.Run<TrainingOptions>, () => Plan.Choice()).Build(),
    ]);

    public Task<StageOutcome.Done> Done(string stage) => space.Done(Pipeline, stage);

    public Task<string> Failure(string stage) => space.Failure(Pipeline, stage);

    /// <summary>The trials that ran, and not those that were there.</summary>
    public static string[] Ran(StageOutcome.Done trials) =>
        [.. trials.Units.Where(unit => unit.Verdict.Runs).Select(unit => unit.Unit.Partition!)];
}
