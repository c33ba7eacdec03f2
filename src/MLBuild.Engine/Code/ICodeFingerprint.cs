using MLBuild.Engine.Recipes;

namespace MLBuild.Engine.Code;

/// <summary>Says what a stage's code is, as recipe entries of kind code, package and framework.</summary>
public interface ICodeFingerprint
{
    IEnumerable<RecipeEntry> Of(Delegate code);
}
