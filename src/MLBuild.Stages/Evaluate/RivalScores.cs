using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>Gathers the errors of a model that the challenger is compared with, as rows stream by.</summary>
internal sealed class RivalScores
{
    private readonly RegressionAccumulator _metrics = new();
    private readonly PairedComparisonAccumulator _difference = new();

    public void Add(double actual, double challenger, double rival)
    {
        _metrics.Add(actual, rival);
        _difference.Add(SquaredError.Of(challenger, actual), SquaredError.Of(rival, actual));
    }

    public RegressionMetrics Metrics => _metrics.ToMetrics();

    /// <summary>Squared errors, challenger minus rival.</summary>
    public PairedComparison Difference => _difference.ToComparison();
}
