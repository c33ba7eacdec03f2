using System.Globalization;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;

namespace MLBuild.Learning.Models;

/// <summary>The first thing that two models learned differently: a tree's split or leaf, or a coefficient.</summary>
public static class ModelDifference
{
    /// <returns>In words, or null if what they learned is the same, or of a kind that cannot be looked into.</returns>
    public static string? First(ScoringModel expected, ScoringModel actual)
    {
        if (expected.Schema.Task != actual.Schema.Task)
            return $"it predicted {expected.Schema.Task}, now predicts {actual.Schema.Task}";
        var (was, now) = (expected.Parameters, actual.Parameters);
        if (was.Count != now.Count)
            return Text($"it had {was.Count} parts, now has {now.Count}");
        for (var part = 0; part < was.Count; part++)
        {
            if (First(was[part], now[part]) is { } difference)
                return was.Count == 1 ? difference : Text($"part {part + 1} of {was.Count}: {difference}");
        }
        return null;
    }

    private static string? First(object expected, object actual) => (expected, actual) switch
    {
        var (was, now) when was.GetType() != now.GetType() =>
            $"it was a {was.GetType().Name}, now is a {now.GetType().Name}",
        var (was, now) when ModelParameters.TreesOf(was) is { } before
            && ModelParameters.TreesOf(now) is { } after => Trees(before, after),
        (LinearModelParameters was, LinearModelParameters now) =>
            Coefficients(was.Weights, now.Weights)
            ?? (was.Bias.Equals(now.Bias) ? null : Text($"the bias was {was.Bias:R}, now is {now.Bias:R}")),
        (MaximumEntropyModelParameters was, MaximumEntropyModelParameters now) =>
            Coefficients(ModelParameters.CoefficientsOf(was), ModelParameters.CoefficientsOf(now)),
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

    private static string? Coefficients(IReadOnlyList<float> was, IReadOnlyList<float> now)
    {
        if (was.Count != now.Count)
            return Text($"it had {was.Count} coefficients, now has {now.Count}");
        for (var i = 0; i < was.Count; i++)
        {
            if (!was[i].Equals(now[i]))
                return Text($"coefficient {i + 1} of {was.Count} was {was[i]:R}, now is {now[i]:R}");
        }
        return null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
