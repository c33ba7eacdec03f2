using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Sweeps;

/// <summary>How well given options predict: what a sweep asks of each point and fold.</summary>
public static class ModelTrials
{
    /// <summary>A metric of a regression by its name.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static SweepMetric Metric(string name) => Metric(name, LearningTask.Regression);

    /// <summary>A metric of <see cref="For"/> by its name.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static SweepMetric Metric(string name, LearningTask task)
    {
        var metrics = MetricsOf(task.Kind);
        return metrics.FirstOrDefault(metric => metric.Name == name)
            ?? throw new ArgumentException(
                $"A sweep over models of {task} has no metric '{name}'. It can be ranked by "
                + $"{LearningTask.InWords(metrics.Select(metric => metric.Name), "or")}.");
    }

    /// <summary>Trains a regression on some rows and measures it on others.</summary>
    /// <inheritdoc cref="For"/>
    public static IReadOnlyDictionary<string, MetricValue> Score(
        IFeatureSource training, IFeatureSource scored, TrainingOptions options, CancellationToken cancellation) =>
        For(LearningTask.Regression)(training, scored, options, cancellation);

    /// <summary>Trains on some rows and measures on others.</summary>
    /// <returns>Each metric by its name: <c>rmse</c>, <c>mae</c> and <c>r2</c> of a regression, in the unit of the label;
    /// <c>logLoss</c> in nats, <c>brier</c>, <c>rocAuc</c>, <c>averagePrecision</c> and, where a probability of 0.5 is
    /// called yes, <c>accuracy</c> and <c>f1</c> of two classes; <c>logLoss</c>, <c>accuracy</c> and <c>macroF1</c> of
    /// several. Missing where a score is not finite.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or training would stop early.</exception>
    /// <exception cref="TrainingDataException">The training rows are not such that one can learn from them.</exception>
    public static TrialScorer<TrainingOptions> For(LearningTask task) => (training, scored, options, cancellation) =>
    {
        if (options.EarlyStoppingRounds is { } rounds)
            throw new ArgumentException(FormattableString.Invariant(
                $"EarlyStoppingRounds is {rounds}, and a sweep grows all trees of a point: it has no rows to stop ") +
                "by but those that it scores. Leave it out; Iterations can be one of the ranges.");
        var trained = ModelTraining.Train(training, options, task, cancellation: cancellation);
        var model = ScoringModel.Load(new MemoryStream(trained.CanonicalModel));
        var labels = scored.Read().SelectMany(batch => batch.Labels.Take(batch.Count));
        var rows = labels.Zip(model.ScoreAllClasses(scored));
        return task.Kind switch
        {
            LearningTaskKind.Regression => OfNumbers(rows),
            LearningTaskKind.Binary => OfTwo(rows),
            _ => OfSeveral(rows, task),
        };
    };

    private static SweepMetric[] MetricsOf(LearningTaskKind kind) => kind switch
    {
        LearningTaskKind.Regression =>
        [
            new("rmse", Direction.LowerIsBetter), new("mae", Direction.LowerIsBetter),
            new("r2", Direction.HigherIsBetter),
        ],
        LearningTaskKind.Binary =>
        [
            new("logLoss", Direction.LowerIsBetter), new("brier", Direction.LowerIsBetter),
            new("rocAuc", Direction.HigherIsBetter), new("averagePrecision", Direction.HigherIsBetter),
            new("accuracy", Direction.HigherIsBetter), new("f1", Direction.HigherIsBetter),
        ],
        _ =>
        [
            new("logLoss", Direction.LowerIsBetter), new("accuracy", Direction.HigherIsBetter),
            new("macroF1", Direction.HigherIsBetter),
        ],
    };

    private static SortedDictionary<string, MetricValue> OfNumbers(IEnumerable<(double Label, float[] Scores)> rows)
    {
        var measured = new RegressionAccumulator();
        foreach (var (label, scores) in rows)
            measured.Add(label, scores[0]);
        var metrics = measured.ToMetrics();
        return new(StringComparer.Ordinal)
        {
            ["rmse"] = metrics.Rmse,
            ["mae"] = metrics.Mae,
            ["r2"] = metrics.R2,
        };
    }

    private static SortedDictionary<string, MetricValue> OfTwo(IEnumerable<(double Label, float[] Scores)> rows)
    {
        var measured = new BinaryAccumulator();
        foreach (var (label, scores) in rows)
            measured.Add(label, scores[0]);
        var metrics = measured.ToMetrics();
        return new(StringComparer.Ordinal)
        {
            ["logLoss"] = metrics.LogLoss,
            ["brier"] = metrics.Brier,
            ["rocAuc"] = metrics.RocAuc,
            ["averagePrecision"] = metrics.AveragePrecision,
            ["accuracy"] = metrics.AtThreshold.Accuracy,
            ["f1"] = metrics.AtThreshold.F1,
        };
    }

    private static SortedDictionary<string, MetricValue> OfSeveral(
        IEnumerable<(double Label, float[] Scores)> rows, LearningTask task)
    {
        var measured = new MulticlassAccumulator(task.Classes);
        var probabilities = new double[task.Classes.Count];
        foreach (var (label, scores) in rows)
        {
            for (var i = 0; i < scores.Length; i++)
                probabilities[i] = scores[i];
            measured.Add(task.HasClass(label) ? task.Classes[(int)label] : null, probabilities);
        }
        var metrics = measured.ToMetrics();
        return new(StringComparer.Ordinal)
        {
            ["logLoss"] = metrics.LogLoss,
            ["accuracy"] = metrics.Accuracy,
            ["macroF1"] = metrics.MacroF1,
        };
    }
}
