namespace MLBuild.Learning.Statistics;

/// <summary>Mean and variance of a stream in one pass, without the cancellation of Σx² − (Σx)²/n. Values must be
/// finite.</summary>
/// <remarks>Sources: Welford, Technometrics 4, 1962; for two streams, Chan, Golub, LeVeque, "Updating formulae and a
/// pairwise algorithm for computing sample variances", 1979.</remarks>
public sealed class RunningMoments
{
    /// <summary>A stream without values yet.</summary>
    public RunningMoments()
    {
    }

    /// <summary>A stream whose values were summed up elsewhere.</summary>
    /// <param name="sumOfSquares">Σ (x − mean)².</param>
    public RunningMoments(long count, double mean, double sumOfSquares) =>
        (Count, Mean, SumOfSquares) = (count, mean, sumOfSquares);

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

    /// <summary>Adds what another stream had.</summary>
    public void Merge(RunningMoments other)
    {
        if (other.Count == 0)
            return;
        var distance = other.Mean - Mean;
        var share = (double)other.Count / (Count + other.Count);
        SumOfSquares += other.SumOfSquares + (distance * distance * share * Count);
        Mean += distance * share;
        Count += other.Count;
    }
}
