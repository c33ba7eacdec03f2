using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>Features that are computed from one raw column, or from columns that belong together: permuted apart, each
/// would be told by the others and look unimportant.</summary>
/// <param name="Name">Of the column: <c>pickup_datetime</c>.</param>
public sealed record FeatureGroup(string Name, IReadOnlyList<string> Features)
{
    /// <summary>These groups, and one for the slots of each text that are in none of them.</summary>
    public static IReadOnlyList<FeatureGroup> WithTexts<TRow>(
        IReadOnlyList<FeatureGroup> groups, FeatureSet<TRow> features)
    {
        var grouped = groups.SelectMany(group => group.Features).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. groups,
            .. features.Names.Zip(features.Meanings, (name, meaning) => (name, meaning.Text))
                .Where(slot => slot.Text is not null && !grouped.Contains(slot.name))
                .GroupBy(slot => slot.Text!, slot => slot.name)
                .Select(text => new FeatureGroup(text.Key, [.. text])),
        ];
    }
}

/// <summary>How much a model needs a feature, or some that belong together.</summary>
/// <param name="Rise">By how much what people read in the place of the <see cref="RowLoss"/> rises (the RMSE, the log
/// loss), when each row gets the values of another row: the mean of all repetitions.</param>
/// <param name="Least">The smallest of them.</param>
/// <param name="Most">The largest.</param>
public sealed record FeatureImportance(
    string Name, IReadOnlyList<string> Features, MetricValue Rise, MetricValue Least, MetricValue Most);

/// <summary>What a model loses without a feature.</summary>
/// <remarks>Source: Breiman, "Random Forests", Machine Learning 45, 2001, section 10. Values move between rows, so a
/// feature keeps its distribution and loses what it tells; rows that cannot be are among those that are scored.
/// </remarks>
public static class PermutationImportance
{
    /// <param name="features">Row after row, in the order of the model's features.</param>
    /// <param name="labels">One for each row.</param>
    /// <param name="together">Features that move together; every other feature moves alone.</param>
    /// <param name="repetitions">From 1.</param>
    /// <param name="seed">Equal seeds permute equally.</param>
    /// <returns>The most important first.</returns>
    /// <exception cref="ArgumentException">A group has a feature that the model does not take.</exception>
    public static IReadOnlyList<FeatureImportance> Of(
        ScoringModel model, float[] features, double[] labels, IReadOnlyList<FeatureGroup> together,
        int repetitions, ulong seed, CancellationToken cancellation = default)
    {
        var names = model.Schema.Features.Names.ToList();
        var groups = Groups(names, together);
        var before = MeanLoss(model, features, labels, moved: [], from: []);
        var importances = groups.Select((group, i) =>
        {
            var moved = group.Features.Select(feature => names.IndexOf(feature)).ToArray();
            var rises = Enumerable.Range(0, repetitions).Select(repetition =>
            {
                cancellation.ThrowIfCancellationRequested();
                var from = Permutation(labels.Length, SplitMix64.Stream(seed, (i * repetitions) + repetition));
                return MeanLoss(model, features, labels, moved, from) - before;
            }).ToArray();
            return new FeatureImportance(
                group.Name, group.Features,
                MetricValue.Of(rises.Average()), MetricValue.Of(rises.Min()), MetricValue.Of(rises.Max()));
        });
        return
        [
            .. importances
                .OrderByDescending(one => one.Rise is MetricValue.Value { Number: var rise }
                    ? rise
                    : double.NegativeInfinity)
                .ThenBy(one => one.Name, StringComparer.Ordinal),
        ];
    }

    private static FeatureGroup[] Groups(List<string> names, IReadOnlyList<FeatureGroup> together)
    {
        foreach (var group in together)
        {
            if (group.Features.Except(names).FirstOrDefault() is { } unknown)
                throw new ArgumentException(
                    $"The features of '{group.Name}' move together, and '{unknown}' is none that the model takes. It "
                    + $"takes {string.Join(", ", names)}.");
        }
        var grouped = together.SelectMany(group => group.Features).ToHashSet(StringComparer.Ordinal);
        return [.. together, .. names.Where(name => !grouped.Contains(name)).Select(name =>
            new FeatureGroup(name, [name]))];
    }

    private static double MeanLoss(ScoringModel model, float[] features, double[] labels, int[] moved, int[] from)
    {
        var width = model.Schema.Features.Width;
        var loss = RowLoss.Of(model.Schema.Task.Kind);
        var scorer = new RowScorer(model);
        var row = new float[width];
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            features.AsSpan(i * width, width).CopyTo(row);
            foreach (var feature in moved)
                row[feature] = features[(from[i] * width) + feature];
            sum += loss.Of(labels[i], scorer.Score(row));
        }
        return loss.Shown(sum / labels.Length);
    }

    // Fisher and Yates.
    private static int[] Permutation(int count, SplitMix64 random)
    {
        var from = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (from[i], from[other]) = (from[other], from[i]);
        }
        return from;
    }
}
