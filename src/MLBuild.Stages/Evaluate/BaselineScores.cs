using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>Gathers the errors of predicting one constant, beside those of the challenger, as rows stream by.</summary>
/// <param name="constant">The mean of the training labels: of all constants it has the least squared error on the rows
/// that a model learns from. The hold-out's own mean would be told by what is judged.</param>
internal sealed class BaselineScores(MetricValue constant)
{
    private readonly RegressionAccumulator _metrics = new();
    private readonly BaselineComparisonAccumulator _errors = new();

    public void Add(double actual, double challenger)
    {
        if (constant is not MetricValue.Value { Number: var predicted })
            return;
        _metrics.Add(actual, predicted);
        _errors.Add(SquaredError.Of(challenger, actual), SquaredError.Of(predicted, actual));
    }

    public BaselineComparison Comparison => constant is MetricValue.Missing { Reason: var reason }
        ? new BaselineComparison.Missing(reason)
        : _errors.ToComparison();

    public BaselineReport Report() => new(constant, _metrics.ToMetrics());
}
