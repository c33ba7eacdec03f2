namespace MLBuild.Learning.Models;

/// <summary>How far a model is from the labels after some iterations.</summary>
/// <param name="Iteration">The number of trees, from 1.</param>
/// <param name="Train">Root mean squared error on the rows that trees are grown from, in the unit of the label.</param>
/// <param name="Validation">The same on the rows that are set aside to stop by; null without such rows.</param>
public sealed record IterationLoss(int Iteration, double Train, double? Validation);

/// <summary>What happened from the first iteration to the last.</summary>
/// <param name="Iterations">How many the model has.</param>
/// <param name="Losses">At most some fifty iterations at even distances, and the last one; with early stopping also the
/// best.</param>
public sealed record TrainingCourse(int Iterations, IReadOnlyList<IterationLoss> Losses);
