using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>Gathers the losses of a model that the challenger is compared with, as rows stream by.</summary>
/// <param name="depth">How much is told of it beside its loss.</param>
internal sealed class RivalScores(TaskEvaluation evaluation, MetricDepth depth)
{
    private readonly TaskMetrics _metrics = evaluation.NewMetrics(depth);
    private readonly PairedComparisonAccumulator _difference = new();
    private readonly PairedAccuracyAccumulator _accuracy = new();

    public void Add(in ScoredRow row, ReadOnlySpan<double> rival, double rivalLoss)
    {
        _metrics.Add(row.Label, rival, rivalLoss);
        _difference.Add(row.ChallengerLoss, rivalLoss);
        if (evaluation.HasClasses)
            _accuracy.Add(evaluation.IsRight(row.Label, row.Challenger), evaluation.IsRight(row.Label, rival));
    }

    public ModelMetrics Metrics => _metrics.ToMetrics();

    /// <summary>Losses, challenger minus rival.</summary>
    public PairedComparison Difference => _difference.ToComparison();

    /// <summary>Which of both is right where the other is not; null where there are no classes.</summary>
    public PairedAccuracy? Accuracy => evaluation.HasClasses ? _accuracy.ToComparison() : null;
}
