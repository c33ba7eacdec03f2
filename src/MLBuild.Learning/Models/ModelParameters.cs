using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;

namespace MLBuild.Learning.Models;

/// <summary>Finds what was learned in a saved chain, behind the wrappers that make probabilities of it.</summary>
internal static class ModelParameters
{
    /// <summary>What each model of a chain learned, in order.</summary>
    public static IEnumerable<object> Of(ITransformer transformer) => transformer switch
    {
        IEnumerable<ITransformer> chain => chain.SelectMany(Of),
        ISingleFeaturePredictionTransformer<object> prediction => Bare(prediction.Model),
        _ => [],
    };

    /// <summary>The trees of a model that is made of some; null for another.</summary>
    public static IReadOnlyList<RegressionTreeBase>? TreesOf(object parameters) => parameters switch
    {
        TreeEnsembleModelParametersBasedOnRegressionTree boosted => boosted.TrainedTreeEnsemble.Trees,
        TreeEnsembleModelParametersBasedOnQuantileRegressionTree forest => forest.TrainedTreeEnsemble.Trees,
        _ => null,
    };

    /// <summary>The weights of each class in turn, then the bias of each.</summary>
    public static IReadOnlyList<float> CoefficientsOf(MaximumEntropyModelParameters parameters)
    {
        VBuffer<float>[]? weights = null;
        parameters.GetWeights(ref weights, out _);
        return [.. weights!.SelectMany(each => each.DenseValues()), .. parameters.GetBiases()];
    }

    private static IEnumerable<object> Bare(object parameters) => parameters switch
    {
        CalibratedModelParametersBase calibrated => Bare(calibrated.SubModel),
        OneVersusAllModelParameters several => PartsOf(several).SelectMany(Bare),
        _ => [parameters],
    };

    // ML.NET shows what it keeps for each class to itself only.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_SubModelParameters")]
    private static extern ImmutableArray<object> PartsOf(OneVersusAllModelParameters several);
}
