using MLBuild.Engine.Recipes;

namespace MLBuild.Engine.Inspection;

/// <summary>Shows one kind of artifact.</summary>
public interface IArtifactView
{
    /// <summary>True if it can show an output with this name.</summary>
    bool Shows(string output);

    /// <summary>Looks into an artifact. Memory stays bounded, however large it is.</summary>
    /// <param name="column">Of a table, the one to show by its distribution; null for all.</param>
    /// <exception cref="PipelineException">It has no such column, or no columns.</exception>
    ArtifactContent Look(ViewedArtifact artifact, string? column);
}

/// <summary>An artifact that somebody looks at.</summary>
/// <param name="Output">Its name in its stage.</param>
/// <param name="Path">Its verified bytes, to read.</param>
/// <param name="Recipe">What gave it; null where the store no longer has that.</param>
/// <param name="Behind">The path of an output with this name that a stage made of it, or null.</param>
public sealed record ViewedArtifact(string Output, string Path, Recipe? Recipe, Func<string, string?> Behind)
{
    /// <summary>True if all of it is to be looked at, however long that takes.</summary>
    public bool InFull { get; init; }
}

/// <summary>What was seen of an artifact, or of the difference of two.</summary>
/// <param name="Data">For programs: becomes JSON by the names of its properties, which stay as they are.</param>
/// <param name="Lines">For a person.</param>
public sealed record ArtifactContent(object Data, Func<Page, IEnumerable<string>> Lines);
