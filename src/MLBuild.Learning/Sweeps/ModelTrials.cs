using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Sweeps;

/// <summary>How well given options predict a number: what a sweep over regressions asks of each point and fold.
/// </summary>
public static class ModelTrials
{
    private const string Rmse = "rmse";
    private const string Mae = "mae";
    private const string R2 = "r2";

    /// <summary>A metric of <see cref="Score"/> by its name.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static SweepMetric Metric(string name) => name switch
    {
        Rmse or Mae => new(name, Direction.LowerIsBetter),
        R2 => new(name, Direction.HigherIsBetter),
        _ => throw new ArgumentException(
            $"A sweep over regressions has no metric '{name}'. It can be ranked by {Rmse}, {Mae} or {R2}."),
    };

    /// <summary>Trains on some rows and measures on others.</summary>
    /// <returns>Each metric by its name, in the unit of the label; missing where a score is not finite.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or training would stop early.</exception>
    /// <exception cref="TrainingDataException">The training rows are not such that one can learn from them.</exception>
    public static IReadOnlyDictionary<string, MetricValue> Score(
        IFeatureSource training, IFeatureSource scored, TrainingOptions options, CancellationToken cancellation)
    {
        if (options.EarlyStoppingRounds is { } rounds)
            throw new ArgumentException(FormattableString.Invariant(
                $"EarlyStoppingRounds is {rounds}, and a sweep grows all trees of a point: it has no rows to stop ") +
                "by but those that it scores. Leave it out; Iterations can be one of the ranges.");
        var trained = ModelTraining.Train(training, options, cancellation: cancellation);
        var model = ScoringModel.Load(new MemoryStream(trained.CanonicalModel));
        var measured = new RegressionAccumulator();
        var labels = scored.Read().SelectMany(batch => batch.Labels.Take(batch.Count));
        foreach (var (label, score) in labels.Zip(model.ScoreAll(scored)))
            measured.Add(label, score);
        var metrics = measured.ToMetrics();
        return new SortedDictionary<string, MetricValue>(StringComparer.Ordinal)
        {
            [Rmse] = metrics.Rmse,
            [Mae] = metrics.Mae,
            [R2] = metrics.R2,
        };
    }
}
