using MLBuild.Learning.Features;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Models;

/// <summary>What a team writes about its model: the one description that training, evaluation, serving and monitoring
/// use.</summary>
/// <param name="Name">The model's name in the registry: <c>taxi-fare</c>.</param>
/// <param name="Features">What it learns from; computed by the same object in training and serving.</param>
/// <param name="Label">What it learns to predict: a number, or the position of a class in <see cref="Task"/>.</param>
/// <param name="Key">Names a row wherever it appears.</param>
/// <param name="Groups">Subgroups in which it is evaluated beside the whole.</param>
public sealed record ModelDefinition<TRow>(
    string Name,
    FeatureSet<TRow> Features,
    Func<TRow, double> Label,
    Func<TRow, RowKey> Key,
    IReadOnlyList<Grouping<TRow>> Groups)
{
    /// <summary>What kind of thing the label is. Default a number.</summary>
    public LearningTask Task { get; init; } = LearningTask.Regression;

    /// <summary>Names a row by what is known when it is predicted, so that a served row is found among training rows.
    /// Null where <see cref="Key"/> does that. A row for which it throws is served, but not logged for
    /// comparison.</summary>
    public Func<TRow, RowKey>? ServedKey { get; init; }

    /// <summary>When a row is predicted: what is known only later must not be in its features. Null where that is no
    /// question.</summary>
    public Func<TRow, DateTime>? PredictedAt { get; init; }
}

/// <summary>Divides rows into subgroups by a value: <c>borough</c> into Queens, Bronx and others.</summary>
public sealed record Grouping<TRow>(string Name, Func<TRow, string> Of);
