using MLBuild.Learning.Models;
using MLBuild.Learning.Sweeps;
using MLBuild.Nuke;
using MLBuild.Stages.Features;
using MLBuild.Stages.Sweep;
using Nuke.Common;

namespace MLBuild.Components;

/// <summary>The same search by successive halving: three rungs of trials, and between them the decision who goes on,
/// for each trial a piece of work of its own, so that a point that is added reruns those alone for which it changed.
/// </summary>
public partial interface ISweepModel
{
    private Halving Rungs => new(GivenTraining.Iterations) { Rungs = 3 };

    Target HalvingTrials1 => _ => _
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => PlannedSweep.Trials())
            .Reads(Features, FeaturesStage.Train, FeaturesStage.Schema)
            .Writes(TrialStage.Outputs)
            .Runs((run, trial) => TrialStage.Run(run, trial.Trial, ModelTrials.For(trial.Task)),
                (TrialOptions<TrainingOptions> trial) => InRung(trial, 1)));

    Target HalvingRung1 => _ => _
        .Unlisted()
        .Stage(stage => stage
            .Reads(HalvingTrials1, TrialStage.Score)
            .Writes(RungStage.Outputs)
            .Runs((run, options) => RungStage.Run<TrainingOptions>(run, options), () => PlannedSweep.Rung(Rungs, 1)));

    Target HalvingCut1 => _ => _
        .Unlisted()
        .Stage(stage => stage
            .ForEach(HalvingTrials1, TrialStage.Score)
            .Reads(HalvingRung1, RungStage.Survivors)
            .Writes(CutStage.Outputs)
            .Runs(CutStage.Run, (TrialOptions<TrainingOptions> trial) => new CutOptions(trial.Point)));

    Target HalvingTrials2 => _ => _
        .Unlisted()
        .Stage(stage => stage
            .ForEach(HalvingCut1, CutStage.Decision)
            .Reads(Features, FeaturesStage.Train, FeaturesStage.Schema)
            .Writes(TrialStage.Outputs)
            .Runs((run, trial) => TrialStage.RunIfGoingOn(run, trial.Trial, ModelTrials.For(trial.Task)),
                (TrialOptions<TrainingOptions> trial) => InRung(trial, 2)));

    Target HalvingRung2 => _ => _
        .Unlisted()
        .Stage(stage => stage
            .Reads(HalvingTrials2, TrialStage.Score)
            .Writes(RungStage.Outputs)
            .Runs((run, options) => RungStage.Run<TrainingOptions>(run, options), () => PlannedSweep.Rung(Rungs, 2)));

    Target HalvingCut2 => _ => _
        .Unlisted()
        .Stage(stage => stage
            .ForEach(HalvingTrials2, TrialStage.Score)
            .Reads(HalvingRung2, RungStage.Survivors)
            .Writes(CutStage.Outputs)
            .Runs(CutStage.Run, (TrialOptions<TrainingOptions> trial) => new CutOptions(trial.Point)));

    Target HalvingTrials3 => _ => _
        .Unlisted()
        .Stage(stage => stage
            .ForEach(HalvingCut2, CutStage.Decision)
            .Reads(Features, FeaturesStage.Train, FeaturesStage.Schema)
            .Writes(TrialStage.Outputs)
            .Runs((run, trial) => TrialStage.RunIfGoingOn(run, trial.Trial, ModelTrials.For(trial.Task)),
                (TrialOptions<TrainingOptions> trial) => InRung(trial, 3)));

    Target Halving => _ => _
        .Description("As Sweep, but only one point in three is trained on from a ninth of the trees, and from a third")
        .Stage(stage => stage
            .Reads(HalvingTrials3, TrialStage.Score)
            .Writes(SweepStage.Outputs)
            .Runs((run, options) => SweepStage.Run<TrainingOptions>(run, options), () => PlannedSweep.Choice()));

    private TaskTrial InRung(TrialOptions<TrainingOptions> trial, int rung) => new(
        trial with { Options = trial.Options with { Iterations = Rungs.Budget(rung) } }, LearnedTask);
}
