using MLBuild.Learning.Contracts;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Monitor;

/// <summary>Counts the rows of one file that are in one window.</summary>
internal sealed class RowCounter<TRow>(
    ServingModel model, LearningTask task, ContractCheck<TRow> check, IReadOnlyList<BusinessMetric<TRow>> metrics)
    : IDisposable
    where TRow : class, new()
{
    private readonly PredictionCounter<TRow> _predictions = new(model, task, metrics);
    private readonly double[] _worths = new double[metrics.Count];

    /// <summary>That satisfy the contract.</summary>
    public long Rows => _predictions.Rows;

    /// <summary>That were checked, those that break the contract included.</summary>
    public long Seen { get; private set; }

    /// <summary>Whether a row satisfies the contract.</summary>
    public bool Accepts(TRow row, RowSource source)
    {
        Seen++;
        return check.Check(row, source) is RowOutcome.Accepted;
    }

    /// <summary>Counts a row that satisfies the contract.</summary>
    /// <param name="words">Those of the row, each with the feature in which it counts.</param>
    /// <param name="label">NaN where it has not arrived.</param>
    /// <param name="labelled">The row with its label, or null where that has not arrived.</param>
    public void Add(
        ReadOnlySpan<float> features, IEnumerable<(int Feature, string Word)> words, ReadOnlySpan<double> scores,
        double label, TRow? labelled)
    {
        _predictions.AddRow(features, scores);
        foreach (var (feature, word) in words)
            _predictions.AddWord(feature, word);
        if (labelled is not null && !double.IsNaN(label))
            BusinessMetrics.Measure(metrics, labelled, PredictionError.Predicted(task.Kind, scores), _worths);
        _predictions.AddOutcome(scores, label, _worths);
    }

    /// <param name="lines">Of the file, or 0 where another window has them.</param>
    public QualityTally Quality(long lines, long quarantined) => QualityTally.Of(check.Complete(), lines, quarantined);

    public WindowTally ToTally(Window window, QualityTally quality) => _predictions.ToTally(window, quality);

    public void Dispose() => check.Dispose();
}
