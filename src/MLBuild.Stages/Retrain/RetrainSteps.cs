using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Stages.Retrain;

/// <summary>What the build does for a retraining. Each step is one that can be done again: what is done is not done
/// twice.</summary>
/// <param name="Validate">Checks the data that is learned from; throws a <see cref="StageFailedException"/>.</param>
/// <param name="Train">Gives the hash of the model's bytes; throws a <see cref="StageFailedException"/>.</param>
/// <param name="Register">Judges the model and gives it a version; throws a <see cref="StageFailedException"/>, also
/// after registering a version whose gate did not pass.</param>
/// <param name="Deploy">Makes a version serve, and says how that ended; null where a person does that.</param>
public sealed record RetrainSteps(
    Action Validate, Func<ContentHash> Train, Action Register, Func<int, Task<string>>? Deploy);
