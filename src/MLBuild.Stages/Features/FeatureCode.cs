using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Learning.Models;

namespace MLBuild.Stages.Features;

/// <summary>What the code is that computes a model's features. A server compares it with its own before it serves the
/// model.</summary>
internal static class FeatureCode
{
    public static Recipe Of<TRow>(ModelDefinition<TRow> model) => ReachabilityFingerprint.OfThisProgram()
        .OfFunction($"features of {typeof(TRow).Name}", model.Features.Serve);
}
