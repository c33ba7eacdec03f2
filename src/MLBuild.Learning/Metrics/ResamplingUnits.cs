using System.Runtime.InteropServices;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>What a bootstrap draws: rows, or clusters of rows that depend on each other, such as the trips of one
/// day. Rows of a cluster are drawn together; drawn one by one they would promise more than they know.</summary>
/// <remarks>Clusters as in Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8, their
/// strategy that draws clusters and keeps their rows.</remarks>
public sealed class ResamplingUnits
{
    // The rows of unit i are _rows[_starts[i].._starts[i + 1]].
    private readonly int[] _starts;
    private readonly int[] _rows;

    private ResamplingUnits(string noun, int[] starts, int[] rows) => (Noun, _starts, _rows) = (noun, starts, rows);

    /// <summary>How many units there are, and how many are drawn for each resample.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>"rows" or "clusters".</summary>
    internal string Noun { get; }

    /// <summary>Each row, 0 up to <paramref name="count"/>, is a unit: rows are independent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static ResamplingUnits Rows(int count) => count >= 0
        ? new("rows", [.. Enumerable.Range(0, count + 1)], [.. Enumerable.Range(0, count)])
        : throw new ArgumentOutOfRangeException(nameof(count), count, "Expected 0 or more rows.");

    /// <summary>The rows of equal key are a unit; clusters are independent, in the order of their first row.</summary>
    /// <param name="keys">The key of each row.</param>
    public static ResamplingUnits Clusters<TKey>(IReadOnlyList<TKey> keys)
        where TKey : notnull
    {
        var clusters = new Dictionary<TKey, int>();
        var clusterOfRow = new int[keys.Count];
        for (var row = 0; row < keys.Count; row++)
        {
            ref var cluster = ref CollectionsMarshal.GetValueRefOrAddDefault(clusters, keys[row], out var isKnown);
            if (!isKnown)
                cluster = clusters.Count - 1;
            clusterOfRow[row] = cluster;
        }
        var starts = new int[clusters.Count + 1];
        foreach (var cluster in clusterOfRow)
            starts[cluster + 1]++;
        for (var cluster = 0; cluster < clusters.Count; cluster++)
            starts[cluster + 1] += starts[cluster];
        var rows = Enumerable.Range(0, keys.Count).ToArray();
        // Stable, so that the rows of a cluster stay in order.
        return new("clusters", starts, [.. rows.OrderBy(row => clusterOfRow[row])]);
    }

    /// <summary>All rows, those of a cluster together.</summary>
    internal ReadOnlySpan<int> All => _rows;

    /// <summary>Puts the rows of as many units as there are, drawn with replacement, into <paramref name="drawn"/>.
    /// </summary>
    internal void Draw(SplitMix64 random, List<int> drawn)
    {
        drawn.Clear();
        for (var i = 0; i < Count; i++)
        {
            var unit = random.Below(Count);
            drawn.AddRange(_rows.AsSpan(_starts[unit], _starts[unit + 1] - _starts[unit]));
        }
    }
}
