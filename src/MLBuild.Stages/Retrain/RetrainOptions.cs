using MLBuild.Learning.Retraining;

namespace MLBuild.Stages.Retrain;

/// <summary>Which model is trained anew for which environment, by whom, and how often at most.</summary>
public sealed record RetrainOptions(string Model, string Environment, string Who, RetrainLimits Limits);
