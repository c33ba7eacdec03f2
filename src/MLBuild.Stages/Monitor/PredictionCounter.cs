using MLBuild.Learning.Drift;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;

namespace MLBuild.Stages.Monitor;

/// <summary>Counts what the serving model sees and predicts in one window, and how wrong it is.</summary>
internal sealed class PredictionCounter<TRow>(
    ServingModel model, LearningTask task, IReadOnlyList<BusinessMetric<TRow>> metrics)
{
    private readonly BinCounter[] _features = [.. model.Features.Select(profile => profile.NewCounter())];
    private readonly BinCounter[] _predictions = [.. model.Predictions.Select(profile => profile.NewCounter())];
    private readonly ErrorCounter _errors = new(model.Reference.Errors);
    private readonly SumCounter[] _metrics = [.. metrics.Select(_ => new SumCounter())];

    public long Rows { get; private set; }

    /// <summary>Counts a row; its outcome is counted apart, as it may come later.</summary>
    public void AddRow(ReadOnlySpan<float> features, ReadOnlySpan<double> scores)
    {
        Rows++;
        for (var i = 0; i < _features.Length; i++)
            Count(_features[i], features[i]);
        PredictionProfile.Count(task, _predictions, scores);
    }

    /// <summary>Counts a word of a row, by the feature in which it counts.</summary>
    public void AddWord(int feature, string word)
    {
        if (_features[feature] is NumericBinCounter numeric)
            numeric.AddWord(word);
    }

    /// <summary>Counts what became of a row, once for each.</summary>
    /// <param name="label">NaN where it has not arrived.</param>
    /// <param name="worths">Of each business metric; of no meaning without a label.</param>
    public void AddOutcome(ReadOnlySpan<double> scores, double label, ReadOnlySpan<double> worths)
    {
        _errors.Add(scores, label);
        if (double.IsNaN(label))
            return;
        for (var i = 0; i < _metrics.Length; i++)
            _metrics[i].Add(worths[i]);
    }

    public WindowTally ToTally(Window window, QualityTally quality) => new(
        window, Rows, quality, [.. _features.Concat(_predictions).Select(counter => counter.ToTally())],
        _errors.ToTally(), [.. metrics.Zip(_metrics, (metric, sum) => new MetricSum(metric.Name, sum.ToTally()))]);

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
