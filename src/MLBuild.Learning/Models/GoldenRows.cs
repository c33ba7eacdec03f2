using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>Some feature rows and the scores that a model gave them when it was registered. A process that is to serve
/// the model scores them again: one bit of difference, and it is not the same model, or not the same
/// arithmetic.</summary>
/// <remarks>JSON keeps every score and feature exact, as numbers are written so that they read back to the same
/// bits.</remarks>
public sealed class GoldenRows
{
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Row[] _rows;

    private GoldenRows(Row[] rows) => _rows = rows;

    public int Count => _rows.Length;

    /// <summary>What the model scored, row after row.</summary>
    public IEnumerable<float> Scores => _rows.SelectMany(row => row.Scores);

    /// <summary>Takes <paramref name="count"/> rows at even distances (all, if there are fewer) and scores
    /// them.</summary>
    /// <exception cref="GoldenRowsException">The model gives one of them a score that is no finite number.</exception>
    /// <exception cref="TrainingDataException">There are no rows.</exception>
    /// <exception cref="FeatureSchemaException">The source's features are not those that the model takes.</exception>
    public static GoldenRows Choose(ScoringModel model, IFeatureSource source, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        model.Schema.Features.Demand(source.Schema);
        var width = source.Schema.Width;
        var rows = new List<Row>();
        var position = 0L;
        foreach (var batch in source.Read())
        {
            for (var i = 0; i < batch.Count && rows.Count < count; i++, position++)
            {
                if (position < (Int128)rows.Count * source.RowCount / count)
                    continue;
                var features = batch.Values.AsSpan(i * width, width).ToArray();
                var row = Row.Of(features, ScoresOf(model, features));
                // NaN has many bit patterns, so it could not be compared; and no such model should be registered.
                if (!row.Scores.All(float.IsFinite))
                    throw new GoldenRowsException(
                        $"The model scores {Text(row.Scores)} for feature row {position} (the first is 0): "
                        + $"{Described(model, row)}. Do not register it; look at how it was trained.");
                rows.Add(row);
            }
        }
        return rows.Count > 0
            ? new([.. rows])
            : throw new TrainingDataException("There are no feature rows to choose golden rows from.");
    }

    /// <summary>Scores every row again.</summary>
    /// <exception cref="GoldenRowsException">A score is not the same to the last bit; the message names the first such
    /// row.</exception>
    /// <exception cref="FeatureSchemaException">The model takes another number of features.</exception>
    public void Verify(ScoringModel model)
    {
        var scores = _rows.Select(row => ScoresOf(model, row.Features)).ToArray();
        var differing = Enumerable.Range(0, Count).Where(i => !SameBits(scores[i], _rows[i].Scores)).ToArray();
        if (differing is [var first, ..])
            throw new GoldenRowsException(
                $"Golden row {first} (of {Count}; {differing.Length} differ) scores {Text(scores[first])}, "
                + $"expected {Text(_rows[first].Scores)}: {Described(model, _rows[first])}. "
                + "This is another model, or another class of machine than the one that registered it.");
    }

    /// <summary>One line per row, the same bytes on every machine.</summary>
    public string ToJson()
    {
        var text = new StringBuilder();
        foreach (var row in _rows)
            text.Append(text.Length == 0 ? "[\n" : ",\n").Append(JsonSerializer.Serialize(row, Json));
        return text.Append("\n]\n").ToString();
    }

    /// <exception cref="FormatException">The text holds no golden rows.</exception>
    public static GoldenRows FromJson(string json)
    {
        try
        {
            var rows = JsonSerializer.Deserialize<Row[]>(json, Json);
            return rows is { Length: > 0 } && rows.All(row => row is { Features: not null, Scores.Length: > 0 })
                ? new(rows)
                : throw new FormatException("These are not golden rows: there are none.");
        }
        catch (JsonException error)
        {
            throw new FormatException($"These are not golden rows: {error.Message}", error);
        }
    }

    private static float[] ScoresOf(ScoringModel model, float[] features)
    {
        var scores = new float[model.Schema.Task.ScoreCount];
        model.Score(features, scores);
        return scores;
    }

    private static bool SameBits(float[] a, float[] b) =>
        a.Select(BitConverter.SingleToInt32Bits).SequenceEqual(b.Select(BitConverter.SingleToInt32Bits));

    private static string Described(ScoringModel model, Row row) => string.Join(
        ", ", model.Schema.Features.Names.Zip(row.Features, (name, value) => $"{name} {Text(value)}"));

    private static string Text(float[] scores) => string.Join(" and ", scores.Select(Text));

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    // One score stands as a number, several as a list.
    private sealed record Row(
        [property: JsonPropertyName("features")] float[] Features,
        [property: JsonPropertyName("score")] float? Score,
        [property: JsonPropertyName("scores")] float[]? Several)
    {
        [JsonIgnore]
        public float[] Scores => Several ?? (Score is { } one ? [one] : []);

        public static Row Of(float[] features, float[] scores) => scores is [var one]
            ? new(features, one, null)
            : new(features, null, scores);
    }
}

/// <summary>A model does not score as it did when it was registered: it must not serve.</summary>
public sealed class GoldenRowsException(string message) : Exception(message);
