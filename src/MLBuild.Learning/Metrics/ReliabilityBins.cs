using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>Counts rows in bins between known edges.</summary>
/// <param name="edges">Rising, one more than there are bins; equal ones enclose no row.</param>
internal sealed class ReliabilityBins(double[] edges)
{
    private readonly Moments[] _probabilities = [.. edges.Skip(1).Select(_ => new Moments())];
    private readonly long[] _positives = new long[edges.Length - 1];

    public void Add(ScoreTie rows)
    {
        var bin = BinOf(rows.Score);
        _probabilities[bin].Add(rows.Score, rows.PositiveCount + rows.NegativeCount);
        _positives[bin] += rows.PositiveCount;
    }

    public IReadOnlyList<ReliabilityBin> ToBins()
    {
        var bins = new List<ReliabilityBin>();
        for (var bin = 0; bin < _positives.Length; bin++)
        {
            if (_probabilities[bin] is { Count: var rows, Mean: { } mean })
                bins.Add(new(edges[bin], edges[bin + 1], rows, mean, (double)_positives[bin] / rows));
        }
        return bins;
    }

    // The first bin whose upper edge is not below the probability.
    private int BinOf(double probability)
    {
        var (low, high) = (0, _positives.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (edges[middle + 1] < probability)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
