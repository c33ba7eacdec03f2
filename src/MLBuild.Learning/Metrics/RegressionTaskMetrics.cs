using MLBuild.Learning.Gates;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Metrics;

/// <summary>The metrics of a regression by their names.</summary>
internal sealed class RegressionTaskMetrics(BootstrapOptions? intervals) : TaskMetrics
{
    private readonly RegressionAccumulator _errors = new(intervals);

    public override void Add(double label, ReadOnlySpan<double> scores, double loss) => _errors.Add(label, scores[0]);

    public override ModelMetrics ToMetrics()
    {
        var (metrics, ends) = (_errors.ToMetrics(), _errors.ToIntervals());
        var squared = metrics.Rmse is MetricValue.Missing ? metrics.Rmse : MetricValue.Of(_errors.MeanSquaredError);
        return new(
            metrics.Count, metrics.NonFiniteCount, squared,
            [
                RowLoss.Of(LearningTaskKind.Regression).Named(squared, ends?.Rmse),
                new("mae", "MAE", MetricUnit.Label, Direction.LowerIsBetter, metrics.Mae, ends?.Mae),
                new("r2", "R2", MetricUnit.None, Direction.HigherIsBetter, metrics.R2, ends?.R2),
                new("within-10-percent", "share within 10 %", MetricUnit.Share, Direction.HigherIsBetter,
                    metrics.ShareWithinTenPercent, ends?.ShareWithinTenPercent),
            ],
            [new("mean-error", "mean error", MetricUnit.Label, null, metrics.MeanError, ends?.MeanError)]);
    }
}
