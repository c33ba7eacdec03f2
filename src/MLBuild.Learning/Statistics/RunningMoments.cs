namespace MLBuild.Learning.Statistics;

/// <summary>Mean and variance of a stream in one pass, without the cancellation of Σx² − (Σx)²/n. Values must be
/// finite.</summary>
/// <remarks>Source: Welford, Technometrics 4, 1962.</remarks>
public sealed class RunningMoments
{
    public long Count { get; private set; }

    /// <summary>The mean; 0 before the first value.</summary>
    public double Mean { get; private set; }

    /// <summary>Σ (x − mean)²: exactly 0 when all values are equal.</summary>
    public double SumOfSquares { get; private set; }

    /// <summary>The sample variance, Σ (x − mean)² / (count − 1); 0 with fewer than two values.</summary>
    public double Variance => Count < 2 ? 0 : SumOfSquares / (Count - 1);

    public void Add(double value)
    {
        Count++;
        var before = value - Mean;
        Mean += before / Count;
        SumOfSquares += before * (value - Mean);
    }
}
