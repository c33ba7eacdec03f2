using System.Globalization;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;

namespace MLBuild.Learning.Models;

/// <summary>The first thing that two models learned differently: a tree's split or leaf, or a coefficient.</summary>
public static class ModelDifference
{
    /// <returns>In words, or null if what they learned is the same, or of a kind that cannot be looked into.</returns>
    public static string? First(ScoringModel expected, ScoringModel actual) =>
        (expected.Parameters, actual.Parameters) switch
        {
            var (was, now) when was?.GetType() != now?.GetType() =>
                $"it was a {was?.GetType().Name}, now is a {now?.GetType().Name}",
            var (was, now) when ScoringModel.TreesOf(was) is { } before
                && ScoringModel.TreesOf(now) is { } after => Trees(before, after),
            (LinearModelParameters was, LinearModelParameters now) => Coefficients(was, now),
            _ => null,
        };

    private static string? Trees(IReadOnlyList<RegressionTreeBase> was, IReadOnlyList<RegressionTreeBase> now)
    {
        for (var tree = 0; tree < Math.Min(was.Count, now.Count); tree++)
        {
            if (Tree(was[tree], now[tree]) is { } difference)
                return Text($"tree {tree + 1} of {was.Count}: {difference}");
        }
        return was.Count == now.Count ? null : Text($"it had {was.Count} trees, now has {now.Count}");
    }

    private static string? Tree(RegressionTreeBase was, RegressionTreeBase now)
    {
        for (var node = 0; node < Math.Min(was.NumberOfNodes, now.NumberOfNodes); node++)
        {
            if (Split(was, node) is var before && Split(now, node) is var after && before != after)
                return Text($"split {node + 1} was {before}, now is {after}");
        }
        if (was.NumberOfLeaves != now.NumberOfLeaves)
            return Text($"it had {was.NumberOfLeaves} leaves, now has {now.NumberOfLeaves}");
        for (var leaf = 0; leaf < was.LeafValues.Count; leaf++)
        {
            if (was.LeafValues[leaf].Equals(now.LeafValues[leaf]))
                continue;
            return Text($"leaf {leaf + 1} was {was.LeafValues[leaf]:R}, now is {now.LeafValues[leaf]:R}");
        }
        return null;
    }

    // Children are nodes, or leaves where negative.
    private static string Split(RegressionTreeBase tree, int node)
    {
        var (feature, threshold) = (tree.NumericalSplitFeatureIndexes[node] + 1, tree.NumericalSplitThresholds[node]);
        return Text($"feature {feature} at {threshold:R}, to {tree.LeftChild[node]} and {tree.RightChild[node]}");
    }

    private static string? Coefficients(LinearModelParameters was, LinearModelParameters now)
    {
        if (was.Weights.Count != now.Weights.Count)
            return Text($"it had {was.Weights.Count} coefficients, now has {now.Weights.Count}");
        for (var i = 0; i < was.Weights.Count; i++)
        {
            var (before, after) = (was.Weights[i], now.Weights[i]);
            if (!before.Equals(after))
                return Text($"coefficient {i + 1} of {was.Weights.Count} was {before:R}, now is {after:R}");
        }
        return was.Bias.Equals(now.Bias) ? null : Text($"the bias was {was.Bias:R}, now is {now.Bias:R}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
