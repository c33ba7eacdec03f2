using MLBuild.Components;
using Nuke.Common;
using Nuke.Common.IO;

/// <summary>What a retraining learns from.</summary>
partial class Build
{
    // A retraining learns also from what was monitored; a file in both is found once.
    AbsolutePath[] LearnFrom => Loop.IsRetraining ? [.. Data, .. RecentTrips] : Data;

    public Target Retrain => _ => _
        .Inherit<IRetrainModel>(loop => loop.Retrain)
        .Description("Monitors, and on drift or degradation learns from --data and --recent-trips together, and lets " +
            "the new version serve if its gate passes (--strategy none: a person does; --cool-down, --retrain-budget)");
}
