using System.Collections.Immutable;
using MLBuild.Learning.Features;

namespace MLBuild.Learning.Drift;

/// <summary>What is behind a feature that counts words.</summary>
/// <param name="Text">The name of their text.</param>
/// <param name="Most">The most frequent of the words that count in it, and how many reference rows have each.</param>
public sealed record SlotWords(string Text, ImmutableArray<CategoryCount> Most)
{
    /// <summary>What the feature is called for people: by its most frequent words.</summary>
    public string Title(string name) => FeatureNames.OfSlot(name, Text, [.. Most.Select(word => word.Category)]);

    /// <summary>What it is called beside current rows: by the words whose share of the rows has moved the most, or by
    /// the most frequent ones where those of the current rows are not known.</summary>
    internal string Title(string name, long referenceRows, ImmutableArray<CategoryCount> current, long currentRows)
    {
        var (before, now) = (Shares(Most, referenceRows), Shares(current, currentRows));
        (string Word, double Move)[] moves =
        [
            .. before.Keys.Union(now.Keys, StringComparer.Ordinal)
                .Select(word => (word, Math.Abs(now.GetValueOrDefault(word) - before.GetValueOrDefault(word))))
                .OrderByDescending(move => move.Item2).ThenBy(move => move.word, StringComparer.Ordinal),
        ];
        // Several words share a slot: those that moved far less than the first are not what it drifts by.
        return FeatureNames.OfSlot(
            name, Text, [.. moves.Where(move => move.Move >= moves[0].Move / 2).Select(move => move.Word)]);
    }

    private static Dictionary<string, double> Shares(ImmutableArray<CategoryCount> words, long rows) =>
        words.ToDictionary(
            word => word.Category, word => rows == 0 ? 0 : (double)word.Rows / rows, StringComparer.Ordinal);
}
