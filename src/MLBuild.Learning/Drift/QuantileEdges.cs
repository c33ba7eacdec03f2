using System.Collections.Immutable;

namespace MLBuild.Learning.Drift;

/// <summary>Chooses the borders of bins that hold about equally many of some values.</summary>
public static class QuantileEdges
{
    /// <summary>The borders upwards: the least value, then the upper end of each bin, the largest value last. Ends
    /// that fall together are merged, so there can be fewer bins than asked for.</summary>
    /// <remarks>A value that fills more than one bin gets one of its own: the value below it becomes a border too, or
    /// a rare neighbour could grow at its cost unseen.</remarks>
    /// <param name="values">Finite values in any order. None give no borders.</param>
    /// <param name="bins">At least 1.</param>
    public static ImmutableArray<double> From(IEnumerable<double> values, int bins)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
            return [];
        var upperEnds = new SortedSet<double> { sorted[^1] };
        for (var bin = 1; bin < bins; bin++)
        {
            var rank = (int)((long)bin * sorted.Length / bins);
            var end = sorted[Math.Max(0, rank - 1)];
            if (!upperEnds.Add(end) && FirstOfEqual(end) is > 0 and var first)
                upperEnds.Add(sorted[first - 1]);
        }
        return [sorted[0], .. upperEnds];

        int FirstOfEqual(double value)
        {
            int low = 0, high = sorted.Length;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (sorted[middle] < value)
                    low = middle + 1;
                else
                    high = middle;
            }
            return low;
        }
    }
}
