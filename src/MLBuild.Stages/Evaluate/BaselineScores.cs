using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>Gathers the losses of predicting the same for each row, beside those of the challenger, as rows stream
/// by.</summary>
internal sealed class BaselineScores(TaskEvaluation evaluation, TrainingConstant constant)
{
    private readonly MetricValue[] _constant = constant.Scores();
    private readonly double[] _scores =
        [.. constant.Scores().Select(score => score is MetricValue.Value { Number: var number } ? number : double.NaN)];
    private readonly TaskMetrics _metrics = evaluation.NewMetrics(MetricDepth.Streamed);
    private readonly BaselineComparisonAccumulator _losses = new();

    public void Add(double label, double challengerLoss)
    {
        if (Missing is not null)
            return;
        var loss = evaluation.Loss.Of(label, _scores);
        _metrics.Add(label, _scores, loss);
        _losses.Add(challengerLoss, loss);
    }

    public BaselineComparison Comparison => Missing is { Reason: var reason }
        ? new BaselineComparison.Missing(reason)
        : _losses.ToComparison();

    public BaselineReport Report() => new(constant.Name, _constant, _metrics.ToMetrics());

    private MetricValue.Missing? Missing => _constant.OfType<MetricValue.Missing>().FirstOrDefault();
}
