using MLBuild.Learning.Models;
using MLBuild.Stages.Features;
using Nuke.Common;

namespace MLBuild.Components;

/// <summary>What is learned from and with. A build gets it with <see cref="ITrainModel{TRow}"/>, or declares it for
/// <see cref="ISweepModel"/>.</summary>
public interface IHaveTraining : IHaveRegistry
{
    /// <summary>The stage that computes what the model sees: it writes <see cref="FeaturesStage.Outputs"/>.</summary>
    Target Features { get; }

    /// <summary>What is learned with, by the command line and by what is usual.</summary>
    TrainingOptions GivenTraining { get; }

    /// <summary>What kind of thing is learned. Default a number.</summary>
    LearningTask LearnedTask => LearningTask.Regression;
}
