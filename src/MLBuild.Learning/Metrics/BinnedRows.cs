namespace MLBuild.Learning.Metrics;

/// <summary>Rows that are being put into bins.</summary>
internal interface IBinnedRows
{
    void Add(bool isPositive, double probability);

    /// <summary>The bins that hold rows, by rising probability.</summary>
    IReadOnlyList<ReliabilityBin> ToBins();
}

/// <summary>Rows in bins of equal width.</summary>
internal sealed class UniformRows(int count) : IBinnedRows
{
    // 0, 1/count, … 1: each the double nearest to it, so that a probability of 0.3 is on an edge of ten bins.
    private readonly ReliabilityBins _bins = new([.. Enumerable.Range(0, count + 1).Select(i => (double)i / count)]);

    public void Add(bool isPositive, double probability) =>
        _bins.Add(new(probability, isPositive ? 1 : 0, isPositive ? 0 : 1));

    public IReadOnlyList<ReliabilityBin> ToBins() => _bins.ToBins();
}

/// <summary>Rows in bins between the quantiles of their probabilities.</summary>
internal sealed class QuantileRows(int count) : IBinnedRows
{
    private readonly LabelledScores _probabilities = new();

    public void Add(bool isPositive, double probability) => _probabilities.Add(isPositive, probability);

    public IReadOnlyList<ReliabilityBin> ToBins() => Of(_probabilities, count);

    /// <summary>The bins of probabilities that somebody keeps already; at least one row.</summary>
    public static IReadOnlyList<ReliabilityBin> Of(LabelledScores probabilities, int count)
    {
        var bins = new ReliabilityBins(Edges(probabilities, count));
        foreach (var tie in probabilities.Rising())
            bins.Add(tie);
        return bins.ToBins();
    }

    // The edge i is at the position (rows - 1) i / count among the rising probabilities, in whole numbers: a rounded
    // position would move a probability that is an edge out of its bin.
    private static double[] Edges(LabelledScores probabilities, int count)
    {
        var last = probabilities.PositiveCount + probabilities.NegativeCount - 1;
        var quantiles = new double[count + 1];
        var (edge, before, reached) = (0, 0.0, -1L);
        foreach (var tie in probabilities.Rising())
        {
            var from = reached;
            reached += tie.PositiveCount + tie.NegativeCount;
            for (; edge <= count && last * edge <= reached * count; edge++)
            {
                // Inside the tie, or on the way to it from the probability before.
                var beyond = last * edge - from * count;
                quantiles[edge] = beyond >= count
                    ? tie.Score
                    : before + (tie.Score - before) * ((double)beyond / count);
            }
            before = tie.Score;
        }
        return quantiles;
    }
}
