using MLBuild.Engine.Stages;
using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Learning.Sweeps;
using MLBuild.Nuke;
using MLBuild.Stages.Features;
using MLBuild.Stages.Sweep;
using Nuke.Common;

namespace MLBuild.Components;

/// <summary>The search for the best options of the model, by cross-validation on the training rows. A build gets it by
/// naming this component beside <see cref="ITrainModel{TRow}"/>, or beside a Train of its own that learns with
/// <see cref="ChosenTraining"/>.</summary>
public partial interface ISweepModel : IHaveTraining
{
    [Parameter("Random points of the sweep; more only add some. 0 takes the whole grid")]
    int SweepPoints => TryGetValue<int?>(() => SweepPoints) ?? 30;

    [Parameter("Another number draws other points")]
    int SweepSeed => TryGetValue<int?>(() => SweepSeed) ?? 1;

    [Parameter("Folds into which Sweep deals the training rows, 2..100")]
    int SweepFolds => TryGetValue<int?>(() => SweepFolds) ?? 3;

    [Parameter("On how many of these folds each point is scored")]
    int SweepScoredFolds => TryGetValue<int?>(() => SweepScoredFolds) ?? 2;

    [Parameter("Part of the training rows that Sweep takes at all, 0..1")]
    double SweepShare => TryGetValue<double?>(() => SweepShare) ?? 1;

    [Parameter("What Sweep ranks by: rmse, mae, r2 or within-10-percent, by default rmse; of classes log-loss, which " +
        "is their default, or another of their metrics")]
    string? SweepMetric => TryGetValue(() => SweepMetric);

    [Parameter("Best, or OneStandardError: the simplest point that is not surely worse than the best")]
    ChoiceRule SweepRule => TryGetValue<ChoiceRule?>(() => SweepRule) ?? ChoiceRule.Best;

    [Parameter("Sweep or Halving: Train takes the options that it chose last, instead of those given here")]
    Search? OptionsFrom => TryGetValue<Search?>(() => OptionsFrom);

    /// <summary>What is tried of each option. By default trees of more or fewer leaves, learned faster or slower, with
    /// more or fewer rows in a leaf.</summary>
    SweepSpace<TrainingOptions> SweepSpace => new SweepSpace<TrainingOptions>()
        .With("leaves", SweepRange.LogarithmicIntegers(7, 127, count: 5),
            (options, leaves) => options with { Leaves = leaves })
        .With("rate", SweepRange.Logarithmic(0.03, 0.3, count: 3),
            (options, rate) => options with { LearningRate = rate })
        .With("rows", SweepRange.Values(5, 20, 80),
            (options, rows) => options with { MinRowsPerLeaf = rows })
        .SimplestFirst(options => (double)options.Iterations * options.Leaves);

    /// <summary>What Train learns with: what was chosen, if --options-from says so.</summary>
    /// <exception cref="SweepException">There was no such search, or its result is no longer in the store.</exception>
    TrainingOptions ChosenTraining => OptionsFrom is { } search
        ? SweepStage.LastChosen<TrainingOptions>(PipelineSession.Of(this).Workspace, $"{search}")
        : GivenTraining;

    internal SweepPlan<TrainingOptions> PlannedSweep => new()
    {
        Points = SweepPoints == 0
            ? SweepSpace.Grid(GivenTraining)
            : SweepSpace.Random(GivenTraining, SweepPoints, SweepSeed),
        Metric = ModelTrials.Metric(
            SweepMetric ?? (LearnedTask.Kind == LearningTaskKind.Regression ? "rmse" : "log-loss"), LearnedTask),
        Rule = SweepRule,
        Folds = new() { Count = SweepFolds },
        ScoredFolds = SweepScoredFolds,
        Sample = new() { Share = SweepShare },
    };

    Target Trials => _ => _
        .Description("Trains and scores every point of the sweep on its folds")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => PlannedSweep.Trials())
            .Reads(Features, FeaturesStage.Train, FeaturesStage.Schema)
            .Writes(TrialStage.Outputs)
            .Runs((run, trial) => TrialStage.Run(run, trial.Trial, ModelTrials.For(trial.Task)),
                (TrialOptions<TrainingOptions> trial) => new TaskTrial(trial, LearnedTask)));

    Target Sweep => _ => _
        .Description("Looks for the best options of the model, which Train --options-from Sweep takes")
        .Stage(stage => stage
            .Reads(Trials, TrialStage.Score)
            .Writes(SweepStage.Outputs)
            .Runs((run, options) => SweepStage.Run<TrainingOptions>(run, options), () => PlannedSweep.Choice()));
}

/// <summary>The targets that look for options.</summary>
public enum Search
{
    Sweep,
    Halving,
}

/// <summary>What a trial is told: how to learn on which rows, and what kind of thing.</summary>
public sealed record TaskTrial(TrialOptions<TrainingOptions> Trial, LearningTask Task);
