using MLBuild.Learning.Splits;

namespace MLBuild.Stages.Split;

/// <summary>How the rows were divided, and the proof that no key is on both sides.</summary>
/// <param name="Rule">Two models with equal rules can be compared on either's hold-out.</param>
/// <param name="KeysOnBothSides">Counted over all rows; anything but 0 fails the stage.</param>
public sealed record SplitReport(KeySplit Rule, long TrainRows, long HoldOutRows, long KeysOnBothSides);
