using MLBuild.Learning.Models;

namespace MLBuild.Stages.Train;

/// <summary>Exactly what a model was trained on and how. Which data and code those rows came from is in the stage's
/// recipe.</summary>
/// <param name="Trainer">The library that trained it, with its version.</param>
/// <param name="MachineClass">Operating system and processor: equal inputs give equal bytes within one class.</param>
public sealed record TrainReport(
    long Rows, IReadOnlyList<string> Features, RegressionOptions Options, string Trainer, string MachineClass);
