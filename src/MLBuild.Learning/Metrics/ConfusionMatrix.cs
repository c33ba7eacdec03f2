namespace MLBuild.Learning.Metrics;

/// <summary>How often rows of each class were predicted to be of each class.</summary>
/// <param name="Classes">The classes, in the model's order.</param>
/// <param name="Counts">For each actual class the rows by predicted class, both in the order of
/// <paramref name="Classes"/>. Empty where a row could not be measured: a matrix of the others would hide it.</param>
public sealed record ConfusionMatrix(IReadOnlyList<string> Classes, IReadOnlyList<IReadOnlyList<long>> Counts);
