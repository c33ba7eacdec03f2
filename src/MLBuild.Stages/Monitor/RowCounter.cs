using MLBuild.Learning.Contracts;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Features;

namespace MLBuild.Stages.Monitor;

/// <summary>Counts the rows of one file that are in one window.</summary>
internal sealed class RowCounter<TRow>(
    ServingModel model, LearningTask task, ContractCheck<TRow> check, IReadOnlyList<BusinessMetric<TRow>> metrics)
    : IDisposable
    where TRow : class, new()
{
    private readonly BinCounter[] _features = [.. model.Features.Select(profile => profile.NewCounter())];
    private readonly BinCounter[] _predictions = [.. model.Predictions.Select(profile => profile.NewCounter())];
    private readonly ErrorCounter _errors = new(model.Reference.Errors);
    private readonly SumCounter[] _metrics = [.. metrics.Select(_ => new SumCounter())];

    public long Rows { get; private set; }

    /// <summary>Whether a row satisfies the contract.</summary>
    public bool Accepts(TRow row, RowSource source) => check.Check(row, source) is RowOutcome.Accepted;

    /// <summary>Counts a row that satisfies the contract.</summary>
    /// <param name="labelled">The row with its label, or null where that has not arrived.</param>
    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<float> scores, double label, TRow? labelled)
    {
        Rows++;
        for (var i = 0; i < _features.Length; i++)
            Count(_features[i], features[i]);
        foreach (var counter in _predictions)
            CountPrediction(counter, scores);
        _errors.Add(scores, label);
        if (labelled is null)
            return;
        var predicted = PredictionError.Predicted(task.Kind, scores);
        for (var i = 0; i < _metrics.Length; i++)
            _metrics[i].Add(metrics[i].Of(labelled, predicted));
    }

    /// <param name="lines">Of the file, or 0 where another window has them.</param>
    public QualityTally Quality(long lines, long quarantined) => QualityTally.Of(check.Complete(), lines, quarantined);

    public WindowTally ToTally(Window window, QualityTally quality) => new(
        window, Rows, quality, [.. _features.Concat(_predictions).Select(counter => counter.ToTally())],
        _errors.ToTally(), [.. metrics.Zip(_metrics, (metric, sum) => new MetricSum(metric.Name, sum.ToTally()))]);

    public void Dispose() => check.Dispose();

    private static void Count(BinCounter counter, float value)
    {
        switch (counter)
        {
            case NumericBinCounter numeric:
                numeric.Add(FeatureProfiler.Number(value));
                break;
            case CategoricalBinCounter categorical:
                categorical.Add(FeatureProfiler.Code(value));
                break;
            default:
                throw new InvalidOperationException($"BUG: unknown counter {counter.GetType().Name}.");
        }
    }

    // A profile of categories is one of the likeliest class; one of numbers is of the one score there is, or of the
    // probability of the class that it is named after.
    private void CountPrediction(BinCounter counter, ReadOnlySpan<float> scores)
    {
        switch (counter)
        {
            case CategoricalBinCounter categorical:
                var likeliest = scores.Length == 1
                    ? (scores[0] >= 0.5f ? 1 : 0)
                    : (int)PredictionError.Predicted(task.Kind, scores);
                categorical.Add(task.Classes[likeliest]);
                break;
            case NumericBinCounter numeric:
                var score = scores.Length == 1 ? 0 : ClassOf(counter.Reference.Name);
                numeric.Add(scores[score]);
                break;
            default:
                throw new InvalidOperationException($"BUG: unknown counter {counter.GetType().Name}.");
        }
    }

    private int ClassOf(string profile)
    {
        for (var i = 0; i < task.Classes.Count; i++)
        {
            if (profile.EndsWith(task.Classes[i], StringComparison.Ordinal))
                return i;
        }
        throw new FormatException($"The profile of predictions '{profile}' names none of the model's classes "
            + $"{string.Join(", ", task.Classes)}. Register the model again.");
    }
}
