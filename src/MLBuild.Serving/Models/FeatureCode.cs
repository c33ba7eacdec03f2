using MLBuild.Engine;
using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Learning.Features;

namespace MLBuild.Serving.Models;

/// <summary>The features as this server computes them: their names, what their code is, and the code itself.</summary>
/// <param name="Demand">Throws <see cref="FeatureSchemaException"/> unless the features can be computed with a
/// state.</param>
internal sealed record FeatureCode(FeatureSchema Schema, bool NeedsState, Recipe Code, Action<FeatureState> Demand)
{
    /// <exception cref="ServingException">The code of this program cannot be read.</exception>
    public static FeatureCode Of<TRow>(FeatureSet<TRow> features)
    {
        try
        {
            var code = ReachabilityFingerprint.OfThisProgram()
                .OfFunction($"features of {typeof(TRow).Name}", features.Serve);
            return new(features.Schema, features.NeedsFit, code, state => features.Using(state));
        }
        catch (PipelineException e)
        {
            throw new ServingException(e.Message, e);
        }
    }

    /// <summary>Throws unless a model was trained with this very code, as far as it can be known. Values may be equal
    /// all the same, but nobody has seen that they are.</summary>
    /// <exception cref="FeatureCodeException">It was trained with other code; the message says what
    /// differs.</exception>
    public void DemandSame(Recipe trainedWith)
    {
        if (trainedWith.Fingerprint != Code.Fingerprint)
            throw new FeatureCodeException(
                $"It was trained with feature code {trainedWith.Fingerprint.Short}, and this server computes features "
                + $"with {Code.Fingerprint.Short}: "
                + $"{RecipeDiff.Sentence(RecipeDiff.Between(trainedWith, Code))}. "
                + "Run the server of the revision that trained the model, or train with this one's code: "
                + "./build.sh Register.");
    }
}

/// <summary>The code that computes features is not that which a model was trained with.</summary>
internal sealed class FeatureCodeException(string message) : Exception(message);
