namespace MLBuild.Engine;

/// <summary>How far a mistyped name is from another. MLBuild.NukeCompat, which refers to nothing of ours, compiles this
/// file too.</summary>
internal static class EditDistance
{
    /// <summary>The least number of letters to insert, drop, change, or swap with their neighbour (optimal string
    /// alignment). Case does not count.</summary>
    public static int Of(string from, string to)
    {
        var (a, b) = (from.ToLowerInvariant(), to.ToLowerInvariant());
        var (before, last, row) = (Array.Empty<int>(), Array.Empty<int>(), Enumerable.Range(0, b.Length + 1).ToArray());
        for (var i = 1; i <= a.Length; i++)
        {
            (before, last, row) = (last, row, new int[b.Length + 1]);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
        }
        return row[^1];
    }
}
