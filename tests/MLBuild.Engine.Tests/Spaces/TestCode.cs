using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;

namespace MLBuild.Engine.Tests.Spaces;

/// <summary>Code whose versions a test decides.</summary>
public sealed class TestCode : ICodeFingerprint
{
    /// <summary>By the target of the stage's delegate.</summary>
    public Dictionary<object, (string Stage, string Version)> Versions { get; } = [];

    public IEnumerable<RecipeEntry> Of(Delegate code) => Versions[code.Target!] is var (stage, version)
        ? [new(RecipeKind.Code, $"{stage}.Run", "text", version)]
        : [];
}
