namespace MLBuild.Learning.Drift;

/// <summary>A feature, or the prediction, that its pipeline's author expects to move: it is measured and shown like
/// the others and raises nothing.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Because">The reason, which reports repeat: "days are counted on for ever".</param>
public sealed record KnownChange(string Feature, string Because);
