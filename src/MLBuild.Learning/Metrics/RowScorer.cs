using MLBuild.Learning.Features;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Metrics;

/// <summary>Scores row after row by a model of any task, for one thread.</summary>
public sealed class RowScorer(ScoringModel model)
{
    private readonly float[] _scores = new float[model.Schema.Task.ScoreCount];
    private readonly double[] _exact = new double[model.Schema.Task.ScoreCount];

    /// <returns>As many scores as the task has, valid until the next row.</returns>
    /// <exception cref="FeatureSchemaException">There are more or fewer features than the model takes.</exception>
    public ReadOnlySpan<double> Score(ReadOnlySpan<float> features)
    {
        model.Score(features, _scores);
        for (var i = 0; i < _scores.Length; i++)
            _exact[i] = _scores[i];
        return _exact;
    }
}
