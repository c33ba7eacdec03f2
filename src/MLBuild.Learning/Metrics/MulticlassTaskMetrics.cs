using MLBuild.Learning.Gates;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Metrics;

/// <summary>The metrics of a multiclass task by their names.</summary>
/// <param name="classes">What labels 0, 1, 2 and so on are called.</param>
/// <param name="intervals">How intervals of few rows are drawn; null where nobody asks for intervals.</param>
/// <param name="ranks">Whether the probability of each row's predicted class is kept, for the calibration
/// error.</param>
internal sealed class MulticlassTaskMetrics(
    IReadOnlyList<string> classes, BootstrapOptions? intervals, bool ranks) : TaskMetrics
{
    private readonly MulticlassAccumulator _rows = new(classes);
    private readonly LossMean _losses = new(intervals);
    private readonly LabelledScores _predicted = new();

    public override void Add(double label, ReadOnlySpan<double> scores, double loss)
    {
        var actual = ClassScores.ClassOf(label, classes.Count);
        _rows.Add(actual, scores);
        if (!double.IsFinite(loss))
            return;
        _losses.Add(loss);
        if (!ranks)
            return;
        var most = ClassScores.MostProbable(scores);
        _predicted.Add(most == actual, scores[most]);
    }

    public override ModelMetrics ToMetrics()
    {
        var metrics = _rows.ToMetrics();
        var counts = _rows.Counts;
        var (right, rows) = (counts.Select((row, i) => row[i]).Sum(), counts.Sum(row => row.Sum()));
        return new(
            metrics.Count, _rows.FaultyCount, metrics.LogLoss,
            [
                RowLoss.Of(LearningTaskKind.Multiclass).Named(
                    metrics.LogLoss, metrics.LogLoss is MetricValue.Value ? _losses.Interval(mean => mean) : null),
                new("accuracy", "accuracy", MetricUnit.Share, Direction.HigherIsBetter, metrics.Accuracy,
                    intervals is null || metrics.Accuracy is MetricValue.Missing
                        ? null
                        : MetricInterval.OfShare(right, rows)),
                new("macro-f1", "macro F1", MetricUnit.None, Direction.HigherIsBetter, metrics.MacroF1,
                    intervals is not null && metrics.MacroF1 is MetricValue.Value { Number: var f1 }
                        ? MacroF1Interval(f1, counts, rows)
                        : null),
                .. ranks
                    ? [BinaryTaskMetrics.CalibrationError(metrics.LogLoss, _predicted, intervals)]
                    : Array.Empty<NamedMetric>(),
            ],
            [BinaryTaskMetrics.SureAndWrong(metrics.ClippedCount, metrics.LogLoss)])
        {
            RowsOfClasses = [.. counts.Select(row => row.Sum())],
        };
    }

    public override ClassFindings? Classes()
    {
        if (_rows.FaultyCount > 0 || _losses.Count == 0)
            return null;
        var counts = _rows.Counts;
        return new(
            _rows.ToMetrics().Confusion,
            [
                .. classes.Select((name, i) => BinaryTaskMetrics.Class(
                    name, counts[i][i], Called(counts, i) - counts[i][i], counts[i].Sum() - counts[i][i])),
            ],
            ranks ? QuantileRows.Of(_predicted, BinaryTaskMetrics.Bins) : []);
    }

    // A row of class i that is called j moves F1 of both: 2 right / (rows + called) by its slopes.
    private static MetricInterval MacroF1Interval(
        double macroF1, IReadOnlyList<IReadOnlyList<long>> counts, long rows)
    {
        var size = counts.Select((row, i) => (double)row.Sum() + Called(counts, i)).ToArray();
        var f1 = counts.Select((row, i) => 2 * row[i] / size[i]).ToArray();
        var squares = 0.0;
        for (var i = 0; i < counts.Count; i++)
        {
            for (var j = 0; j < counts.Count; j++)
            {
                var moved = i == j ? (2 - (2 * f1[i])) / size[i] : -(f1[i] / size[i]) - (f1[j] / size[j]);
                squares += counts[i][j] * moved * moved;
            }
        }
        return MetricInterval.Normal(
            IntervalMethod.Delta, macroF1, Math.Sqrt(squares) / counts.Count, rows, least: 0, most: 1);
    }

    private static long Called(IReadOnlyList<IReadOnlyList<long>> counts, int predicted) =>
        counts.Sum(actual => actual[predicted]);
}
