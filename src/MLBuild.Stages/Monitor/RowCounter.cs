using MLBuild.Learning.Contracts;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Evaluate;
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

    /// <summary>That satisfy the contract.</summary>
    public long Rows { get; private set; }

    /// <summary>That were checked, those that break the contract included.</summary>
    public long Seen { get; private set; }

    /// <summary>Whether a row satisfies the contract.</summary>
    public bool Accepts(TRow row, RowSource source)
    {
        Seen++;
        return check.Check(row, source) is RowOutcome.Accepted;
    }

    /// <summary>Counts a row that satisfies the contract.</summary>
    /// <param name="label">NaN where it has not arrived.</param>
    /// <param name="labelled">The row with its label, or null where that has not arrived.</param>
    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<double> scores, double label, TRow? labelled)
    {
        Rows++;
        for (var i = 0; i < _features.Length; i++)
            Count(_features[i], features[i]);
        PredictionProfile.Count(task, _predictions, scores);
        _errors.Add(scores, label);
        if (labelled is null || double.IsNaN(label))
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
}
