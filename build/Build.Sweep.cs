using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Learning.Sweeps;
using MLBuild.Nuke;
using MLBuild.Stages.Features;
using MLBuild.Stages.Sweep;
using Nuke.Common;
using TaxiFares;

/// <summary>The search for the best options of the fare model, by cross-validation on the training trips.</summary>
partial class Build
{
    [Parameter("Random points of the sweep; more only add some. 0 takes the whole grid")]
    readonly int SweepPoints = 30;
    [Parameter("Another number draws other points")] readonly int SweepSeed = 1;
    [Parameter("Folds into which Sweep deals the training trips, 2..100")] readonly int SweepFolds = 3;
    [Parameter("On how many of these folds each point is scored")] readonly int SweepScoredFolds = 2;
    [Parameter("Part of the training trips that Sweep takes at all, 0..1")] readonly double SweepShare = 1;
    [Parameter("rmse, mae, r2 or within-10-percent: what Sweep ranks by")] readonly string SweepMetric = "rmse";
    [Parameter("Best, or OneStandardError: the simplest point that is not surely worse than the best")]
    readonly ChoiceRule SweepRule = ChoiceRule.Best;
    [Parameter("Sweep or Halving: Train takes the options that it chose last, instead of those given here")]
    readonly Search? OptionsFrom;

    TrainingOptions GivenOptions => new()
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

    SweepPlan<TrainingOptions> PlannedSweep => new()
    {
        Points = SweepPoints == 0
            ? TaxiSweep.Space.Grid(GivenOptions)
            : TaxiSweep.Space.Random(GivenOptions, SweepPoints, SweepSeed),
        Metric = ModelTrials.Metric(SweepMetric),
        Rule = SweepRule,
        Folds = new() { Count = SweepFolds },
        ScoredFolds = SweepScoredFolds,
        Sample = new() { Share = SweepShare },
    };

    TrainingOptions TrainOptions => OptionsFrom is { } search
        ? SweepStage.LastChosen<TrainingOptions>(PipelineSession.Of(this).Workspace, $"{search}")
        : GivenOptions;

    Target Trials => _ => _
        .Description("Trains and scores every point of the sweep on its folds")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => PlannedSweep.Trials())
            .Reads(Features, FeaturesStage.Train, FeaturesStage.Schema)
            .Writes(TrialStage.Outputs)
            .Runs(TaxiPipeline.Trial, (TrialOptions<TrainingOptions> trial) => trial));

    Target Sweep => _ => _
        .Description("Looks for the best options of the model, which Train --options-from Sweep takes")
        .Stage(stage => stage
            .Reads(Trials, TrialStage.Score)
            .Writes(SweepStage.Outputs)
            .Runs(TaxiPipeline.Sweep, () => PlannedSweep.Choice()));
}

/// <summary>The targets that look for options.</summary>
enum Search
{
    Sweep,
    Halving,
}
