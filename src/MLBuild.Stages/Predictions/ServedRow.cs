using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Predictions;

/// <summary>What the rows of one file of a prediction log have.</summary>
/// <param name="Classes">Of each score; empty where a row has one.</param>
/// <param name="Features">Their names.</param>
public sealed record ServedColumns(IReadOnlyList<string> Classes, IReadOnlyList<string> Features);

/// <summary>One row that a server logged.</summary>
/// <param name="Place">The file and the row, from 1.</param>
/// <param name="Key">The served key of the row, as <c>RowKey</c> writes it.</param>
/// <param name="Version">Of the model that computed the features and scored them.</param>
/// <param name="Scores">One, or one for each class.</param>
/// <param name="Features">In the order of their names; NaN where a value was absent.</param>
public sealed record ServedRow(
    string Place, string Key, int Version, DateTime TimeUtc, ServedColumns Columns, float[] Scores, float[] Features)
{
    /// <summary>The key as rows have it.</summary>
    /// <exception cref="TableException">It is none.</exception>
    public RowKey RowKey => RowKey.TryParse(Key, out var key)
        ? key
        : throw new TableException(
            $"{Place}: the key is '{Key}', expected 32 hexadecimal digits. Take this file of the log away.");

    /// <summary>The features of a schema.</summary>
    /// <exception cref="TableException">It has others.</exception>
    public float[] FeaturesOf(FeatureSchema schema) => Columns.Features.SequenceEqual(schema.Names)
        ? Features
        : throw Other("features", Columns.Features, [.. schema.Names]);

    /// <summary>The scores of a task.</summary>
    /// <exception cref="TableException">It has others.</exception>
    public float[] ScoresOf(LearningTask task)
    {
        string[] expected = task.ScoreCount == 1 ? [] : [.. task.Classes];
        return Columns.Classes.SequenceEqual(expected, StringComparer.Ordinal)
            ? Scores
            : throw Other("scores", Columns.Classes, expected);
    }

    private TableException Other(string what, IReadOnlyList<string> served, IReadOnlyList<string> expected) => new(
        $"{Place}: version {Version} served the {what} {Names(served)}, expected {Names(expected)}. "
        + "Compare with a log of this model.");

    private static string Names(IReadOnlyList<string> names) =>
        names is [] ? "one number for each row" : string.Join(", ", names);
}
