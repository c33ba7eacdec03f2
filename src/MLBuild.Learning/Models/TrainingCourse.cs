using System.Text.Json.Serialization;

namespace MLBuild.Learning.Models;

/// <summary>How the distance of a model from the labels is measured while it is trained.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrainingLoss>))]
public enum TrainingLoss
{
    /// <summary>Root mean squared error of a regression, in the unit of the label.</summary>
    Rmse,

    /// <summary>Mean −ln(probability of the class that a row has), in nats: as evaluation measures it.</summary>
    LogLoss,
}

/// <summary>How far a model is from the labels after some iterations.</summary>
/// <param name="Iteration">From 1: the number of trees, or of trees for each of several classes.</param>
/// <param name="Train">The <see cref="TrainingCourse.Loss"/> on the rows that trees are grown from.</param>
/// <param name="Validation">The same on the rows that are set aside to stop by; null without such rows.</param>
public sealed record IterationLoss(int Iteration, double Train, double? Validation);

/// <summary>What happened from the first iteration to the last.</summary>
/// <param name="Iterations">How many the model has.</param>
/// <param name="Losses">At most some fifty iterations at even distances, and the last one; with early stopping also the
/// best.</param>
public sealed record TrainingCourse(int Iterations, IReadOnlyList<IterationLoss> Losses)
{
    /// <summary>What was measured.</summary>
    public TrainingLoss Loss { get; init; }

    /// <summary>What is measured of a task.</summary>
    public static TrainingLoss LossOf(LearningTask task) =>
        task.Kind == LearningTaskKind.Regression ? TrainingLoss.Rmse : TrainingLoss.LogLoss;
}
