using System.Collections.Concurrent;
using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Tests.Spaces;

/// <summary>Code whose versions a test decides.</summary>
public sealed class TestCode : ICodeFingerprint
{
    /// <summary>By the target of the stage's delegate. Several builds of a test may declare and read at once.</summary>
    public ConcurrentDictionary<object, (string Stage, string Version)> Versions { get; } = new();

    public CodeReading Of(Stage stage) => new(
        Versions[stage.Code!.Target!] is var (name, version)
            ? [new(RecipeKind.Code, $"{name}.Run", "text", version)]
            : [], []);
}
