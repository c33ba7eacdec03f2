using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Sweeps;

/// <summary>How well given options predict: what a sweep asks of each point and fold.</summary>
public static class ModelTrials
{
    /// <summary>A metric of a regression by its name.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static SweepMetric Metric(string name) => Metric(name, LearningTask.Regression);

    /// <summary>A metric of a task by its name, which is that in a registry: <c>rmse</c>, <c>log-loss</c>.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static SweepMetric Metric(string name, LearningTask task)
    {
        var metrics = Ranking(TaskMetrics.Of(task, MetricDepth.Full));
        return metrics.FirstOrDefault(metric => metric.Id == name) is { } found
            ? new(name, found.Direction!.Value)
            : throw new ArgumentException(
                $"A sweep over models of {task} has no metric '{name}'. It can be ranked by "
                + $"{LearningTask.InWords(metrics.Select(metric => metric.Id), "or")}.");
    }

    /// <summary>Trains a regression on some rows and measures it on others.</summary>
    /// <inheritdoc cref="For"/>
    public static IReadOnlyDictionary<string, MetricValue> Score(
        IFeatureSource training, IFeatureSource scored, TrainingOptions options, CancellationToken cancellation) =>
        For(LearningTask.Regression)(training, scored, options, cancellation);

    /// <summary>Trains on some rows and measures on others.</summary>
    /// <param name="threshold">The least probability, 0..1, of a row that is called positive: that of the gate. Of a
    /// binary task only.</param>
    /// <returns>Each metric of the task by its name; missing where a row cannot be measured.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or training would stop early.</exception>
    /// <exception cref="TrainingDataException">The training rows are not such that one can learn from them.</exception>
    public static TrialScorer<TrainingOptions> For(LearningTask task, double threshold = 0.5) =>
        (training, scored, options, cancellation) =>
    {
        if (options.EarlyStoppingRounds is { } rounds)
            throw new ArgumentException(FormattableString.Invariant(
                $"EarlyStoppingRounds is {rounds}, and a sweep grows all trees of a point: it has no rows to stop ") +
                "by but those that it scores. Leave it out; Iterations can be one of the ranges.");
        var trained = ModelTraining.Train(training, options, task, cancellation: cancellation);
        var scorer = new RowScorer(ScoringModel.Load(new MemoryStream(trained.CanonicalModel)));
        var (measured, loss) = (TaskMetrics.Of(task, MetricDepth.Full, threshold), RowLoss.Of(task.Kind));
        var width = scored.Schema.Width;
        foreach (var batch in scored.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < batch.Count; i++)
            {
                var scores = scorer.Score(batch.Values.AsSpan(i * width, width));
                measured.Add(batch.Labels[i], scores, loss.Of(batch.Labels[i], scores));
            }
        }
        return new SortedDictionary<string, MetricValue>(
            Ranking(measured).ToDictionary(metric => metric.Id, metric => metric.Value), StringComparer.Ordinal);
    };

    // Those of which some values are good.
    private static NamedMetric[] Ranking(TaskMetrics measured)
    {
        var metrics = measured.ToMetrics();
        return [.. metrics.Summary.Concat(metrics.Details).Where(metric => metric.Direction is not null)];
    }
}
