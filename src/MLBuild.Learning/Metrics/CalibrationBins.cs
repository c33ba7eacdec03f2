namespace MLBuild.Learning.Metrics;

/// <summary>How rows are put into bins by their probability. A probability on the edge of two bins is in the
/// lower one, as in Guo et al. 2017 and in scikit-learn.</summary>
public abstract record CalibrationBins
{
    /// <summary>More bins than this hold too little each to say anything.</summary>
    public const int MostBins = 10_000;

    private CalibrationBins(int count) => Count = count is >= 1 and <= MostBins
        ? count
        : throw new ArgumentOutOfRangeException(nameof(count), count, $"Expected 1 to {MostBins} bins.");

    public int Count { get; }

    internal abstract IBinnedRows NewRows();

    /// <summary>Bins of equal width: easy to read, but where few rows have high probabilities those bins are noise. The
    /// rows stream through in constant memory.</summary>
    public sealed record Uniform : CalibrationBins
    {
        /// <param name="count">1..<see cref="MostBins"/>.</param>
        public Uniform(int count)
            : base(count)
        {
        }

        internal override IBinnedRows NewRows() => new UniformRows(Count);
    }

    /// <summary>Bins of about as many rows each, between quantiles of the probabilities (type 7 of Hyndman and Fan,
    /// Sample quantiles in statistical packages, 1996). Equal probabilities stay together, so bins can be fewer. Keeps
    /// 8 bytes a row.</summary>
    public sealed record Quantile : CalibrationBins
    {
        /// <param name="count">1..<see cref="MostBins"/>.</param>
        public Quantile(int count)
            : base(count)
        {
        }

        internal override IBinnedRows NewRows() => new QuantileRows(Count);
    }
}
