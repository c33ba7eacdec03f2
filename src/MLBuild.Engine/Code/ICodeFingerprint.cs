using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Code;

/// <summary>Says what a stage's code is.</summary>
public interface ICodeFingerprint
{
    /// <exception cref="PipelineException">The code captures something whose value cannot be known.</exception>
    CodeReading Of(Stage stage);

    /// <summary>What the stage's code is by now: it may have been compiled anew since it was first read.</summary>
    /// <exception cref="PipelineException">It was, and what runs can no longer be read.</exception>
    CodeReading Again(Stage stage) => Of(stage);
}

/// <summary>What was found in a stage's code.</summary>
/// <param name="Lines">Recipe entries of kind code, package, framework and captured: what the result depends
/// on.</param>
/// <param name="Findings">What the code reads without declaring it.</param>
public sealed record CodeReading(RecipeLines Lines, IReadOnlyList<CodeFinding> Findings)
{
    /// <exception cref="ArgumentException">Two entries of one kind share a name.</exception>
    public CodeReading(IEnumerable<RecipeEntry> entries, IReadOnlyList<CodeFinding> findings)
        : this(RecipeLines.Of(entries), findings)
    {
    }

    public IReadOnlyList<RecipeEntry> Entries => Lines.Entries;
}
