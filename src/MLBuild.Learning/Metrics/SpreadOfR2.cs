namespace MLBuild.Learning.Metrics;

/// <summary>How sure R² is, from the moments of the actual values and of the squared errors, in constant memory: the
/// delta method for 1 − mean squared error / variance of the actual values.</summary>
internal sealed class SpreadOfR2
{
    // About the first actual value, so that powers of what all values have in common do not cancel.
    private double? _origin;
    private long _count;
    private double _d1;
    private double _d2;
    private double _d3;
    private double _d4;
    private double _error;
    private double _errorD1;
    private double _errorD2;

    public void Add(double actual, double squaredError)
    {
        _origin ??= actual;
        _count++;
        var d = actual - _origin.Value;
        var square = d * d;
        _d1 += d;
        _d2 += square;
        _d3 += square * d;
        _d4 += square * square;
        _error += squaredError;
        _errorD1 += squaredError * d;
        _errorD2 += squaredError * square;
    }

    /// <param name="meanSquaredError">Of the same rows.</param>
    /// <param name="varianceOfSquaredErrors">Of the sample.</param>
    public MetricInterval Interval(double meanSquaredError, double varianceOfSquaredErrors)
    {
        var (m1, m2, m3, m4) = (_d1 / _count, _d2 / _count, _d3 / _count, _d4 / _count);
        var spread = m2 - (m1 * m1);
        var left = meanSquaredError / spread;
        // A row moves R² by -(its squared error - left * its squared distance from the mean) / spread.
        var distance = m4 - (4 * m1 * m3) + (6 * m1 * m1 * m2) - (3 * Math.Pow(m1, 4)) - (spread * spread);
        var together = (_errorD2 / _count) - (2 * m1 * _errorD1 / _count) + (m1 * m1 * _error / _count)
            - (meanSquaredError * spread);
        var variance = varianceOfSquaredErrors - (2 * left * together) + (left * left * distance);
        return MetricInterval.Normal(
            IntervalMethod.Delta, 1 - left, Math.Sqrt(Math.Max(0, variance) / _count) / spread, _count,
            double.NegativeInfinity, 1);
    }
}
