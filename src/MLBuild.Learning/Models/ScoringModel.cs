using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>What a model is, for people.</summary>
/// <param name="Trainer">A <see cref="TrainerKind"/>, or the name of a team's own trainer.</param>
/// <param name="Task">What it predicts.</param>
/// <param name="Features">What it takes, in order.</param>
/// <param name="Trees">Null for a model without trees.</param>
/// <param name="MostLeaves">Leaves of its largest tree; null for a model without trees.</param>
public sealed record ModelSchema(
    string Trainer, LearningTask Task, FeatureSchema Features, int? Trees, int? MostLeaves);

/// <summary>A trained model that scores feature rows. Immutable; any number of threads may score at once.</summary>
/// <remarks>One row and many go through the same code, so their scores are equal to the last bit.</remarks>
public sealed class ScoringModel
{
    private readonly ConcurrentBag<Scorer> _idle = [];
    private readonly Func<Scorer> _newScorer;

    private ScoringModel(ITransformer transformer, ModelCard card)
    {
        var columns = new FeatureColumns(card.Features, card.Task);
        var mapper = transformer.GetRowToRowMapper(columns.Schema);
        _newScorer = () => new(columns, mapper, card.Task);
        // Binds the model to its columns now: what does not fit fails on loading and not on the first request.
        _idle.Add(_newScorer());

        Parameters = [.. ModelParameters.Of(transformer)];
        var trees = Parameters.Select(ModelParameters.TreesOf).OfType<IReadOnlyList<RegressionTreeBase>>()
            .SelectMany(each => each).ToArray();
        Schema = trees.Length > 0
            ? new(card.Trainer, card.Task, card.Features, trees.Length, trees.Max(tree => tree.NumberOfLeaves))
            : new(card.Trainer, card.Task, card.Features, null, null);
    }

    public ModelSchema Schema { get; }

    /// <summary>What was learned, as ML.NET has it, in one part or in one for each class; none if it keeps that to
    /// itself.</summary>
    internal IReadOnlyList<object> Parameters { get; }

    /// <summary>Reads what <see cref="ModelTraining.Train"/> returned.</summary>
    /// <exception cref="FormatException">The bytes are not such a model.</exception>
    public static ScoringModel Load(Stream canonicalModel)
    {
        using var bytes = new MemoryStream();
        canonicalModel.CopyTo(bytes);
        try
        {
            using var zip = new ZipArchive(bytes, ZipArchiveMode.Read, leaveOpen: true);
            var entry = zip.GetEntry(ModelCard.EntryName)
                ?? throw new FormatException(
                    $"This is not a model of ours: it has no {ModelCard.EntryName}. Train it with MLBuild.");
            using var json = entry.Open();
            var card = ModelCard.FromStream(json);
            bytes.Position = 0;
            return new(new MLContext(seed: 0).Model.Load(bytes, out _), card);
        }
        catch (Exception error)
            when (error is InvalidDataException or JsonException or ArgumentException or InvalidOperationException)
        {
            throw new FormatException($"This is not a model: {error.Message}", error);
        }
    }

    /// <summary>Scores one row by a model that has one score for it: any but a multiclass one.</summary>
    /// <param name="features">In the order of <see cref="Schema"/>; NaN where a value is absent.</param>
    /// <exception cref="FeatureSchemaException">There are more or fewer features than the model takes.</exception>
    /// <exception cref="InvalidOperationException">The model has several.</exception>
    public float Score(ReadOnlySpan<float> features)
    {
        if (Schema.Task.ScoreCount != 1)
            throw new InvalidOperationException($"A model of {Schema.Task} has {Schema.Task.ScoreCount} scores a row.");
        var score = 0f;
        Score(features, new(ref score));
        return score;
    }

    /// <summary>Scores one row.</summary>
    /// <param name="features">In the order of <see cref="Schema"/>; NaN where a value is absent.</param>
    /// <param name="scores">Gets them: see <see cref="LearningTaskKind"/>. As long as the task has scores.</param>
    /// <exception cref="FeatureSchemaException">There are more or fewer features than the model takes.</exception>
    public void Score(ReadOnlySpan<float> features, Span<float> scores)
    {
        if (features.Length != Schema.Features.Width)
            throw new FeatureSchemaException(
                $"The model takes {Schema.Features.Width} features, the row has {features.Length}.");
        if (!_idle.TryTake(out var scorer))
            scorer = _newScorer();
        scorer.Score(features, scores);
        // Not in a finally: a scorer that threw is not trusted again.
        _idle.Add(scorer);
    }

    /// <summary>Scores every row of a source by a model that has one score a row, in order, reading the source as the
    /// scores are asked for.</summary>
    /// <exception cref="FeatureSchemaException">The source's features are not those that the model takes.</exception>
    public IEnumerable<float> ScoreAll(IFeatureSource rows)
    {
        Schema.Features.Demand(rows.Schema);
        return Each();

        IEnumerable<float> Each()
        {
            var width = Schema.Features.Width;
            foreach (var batch in rows.Read())
            {
                for (var i = 0; i < batch.Count; i++)
                    yield return Score(batch.Values.AsSpan(i * width, width));
            }
        }
    }

    /// <summary>Scores every row of a source, in order, reading the source as the scores are asked for.</summary>
    /// <returns>For each row an array of its own: see <see cref="LearningTaskKind"/>.</returns>
    /// <exception cref="FeatureSchemaException">The source's features are not those that the model takes.</exception>
    public IEnumerable<float[]> ScoreAllClasses(IFeatureSource rows)
    {
        Schema.Features.Demand(rows.Schema);
        return Each();

        IEnumerable<float[]> Each()
        {
            var width = Schema.Features.Width;
            foreach (var batch in rows.Read())
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    var scores = new float[Schema.Task.ScoreCount];
                    Score(batch.Values.AsSpan(i * width, width), scores);
                    yield return scores;
                }
            }
        }
    }

    /// <summary>A row bound to the model: for one thread at a time.</summary>
    private sealed class Scorer
    {
        private readonly FeatureRow _row;
        private readonly float[] _values;
        private readonly ValueGetter<float>? _score;
        private readonly ValueGetter<VBuffer<float>>? _scores;
        private readonly int _scoreCount;
        private VBuffer<float> _buffer;

        public Scorer(FeatureColumns columns, IRowToRowMapper mapper, LearningTask task)
        {
            _row = new(columns);
            _values = new float[columns.FeatureSchema.Width];
            _scoreCount = task.ScoreCount;
            var column = mapper.OutputSchema[
                task.Kind == LearningTaskKind.Binary ? TrainingColumns.Probability : TrainingColumns.Score];
            var row = mapper.GetRow(_row, [column]);
            if (task.Kind == LearningTaskKind.Multiclass)
                _scores = row.GetGetter<VBuffer<float>>(column);
            else
                _score = row.GetGetter<float>(column);
        }

        public void Score(ReadOnlySpan<float> features, Span<float> scores)
        {
            if (scores.Length != _scoreCount)
                throw new ArgumentException($"BUG: {scores.Length} places for {_scoreCount} scores.");
            features.CopyTo(_values);
            _row.MoveTo(_values, label: float.NaN);
            if (_score is not null)
            {
                _score(ref scores[0]);
                return;
            }
            _scores!(ref _buffer);
            if (_buffer.Length != _scoreCount)
                throw new FormatException($"The model has {_buffer.Length} scores a row, expected {_scoreCount}.");
            _buffer.CopyTo(scores);
        }
    }
}
