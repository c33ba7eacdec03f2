namespace MLBuild.Stages.Cards;

/// <summary>What no number says of a model.</summary>
/// <param name="Name">In the registry: <c>taxi-fare</c>.</param>
/// <param name="Purpose">What it is for, and for whom, in a sentence or two.</param>
/// <param name="Limits">What it must not be used for, or does not know; a sentence each.</param>
public sealed record ModelAbout(string Name, string Purpose, IReadOnlyList<string> Limits);
