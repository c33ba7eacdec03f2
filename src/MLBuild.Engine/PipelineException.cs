namespace MLBuild.Engine;

/// <summary>The pipeline as it is declared is to blame: its author mends it in the build project. All faults found are
/// in one message.</summary>
public sealed class PipelineException(string message) : Exception(message)
{
    internal static PipelineException Of(IReadOnlyList<string> faults) => new(faults.Count == 1
        ? faults[0]
        : $"The pipeline has {faults.Count} faults:{string.Concat(faults.Select(fault => $"\n  - {fault}"))}");
}

/// <summary>Suggests what a mistyped name may have meant.</summary>
public static class Suggestion
{
    /// <summary><c> Did you mean 'x'?</c> for the nearest candidate within a third of its letters, else nothing.
    /// </summary>
    public static string For(string typed, IEnumerable<string> candidates)
    {
        var nearest = candidates
            .Select(candidate => (candidate, distance: Edits(typed, candidate)))
            .Where(pair => pair.distance <= Math.Max(1, pair.candidate.Length / 3))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.candidate is null ? "" : $" Did you mean '{nearest.candidate}'?";
    }

    /// <summary>The least number of letters to insert, drop, change, or swap with their neighbour (optimal string
    /// alignment). Case does not count.</summary>
    public static int Edits(string from, string to)
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
