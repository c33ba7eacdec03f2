using MLBuild.Engine.Stages;
using MLBuild.Learning.Splits;
using MLBuild.Learning.Sweeps;

namespace MLBuild.Stages.Sweep;

/// <summary>One point of a sweep on one fold: a partition of the stage of trials, named
/// <c>leaves=63,rate=0.1,fold=0</c>.</summary>
/// <param name="Point">The point's name.</param>
/// <param name="Options">What is trained with.</param>
/// <param name="Folds">How the training rows are dealt.</param>
/// <param name="Fold">The fold that is scored; the others are learned from.</param>
/// <param name="Sample">The training rows that are taken at all.</param>
public sealed record TrialOptions<TOptions>(
    string Point, TOptions Options, KeyFolds Folds, int Fold, KeySample Sample) : INamedPoint
    where TOptions : class
{
    [NotAnInput]
    public string PartitionName =>
        FormattableString.Invariant($"{Point},{SweepSpace<TOptions>.FoldName}={Fold}");
}
