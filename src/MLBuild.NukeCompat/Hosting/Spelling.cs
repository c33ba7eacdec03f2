namespace MLBuild.NukeCompat;

/// <summary>Guesses what was meant by a name that does not exist.</summary>
internal static class Spelling
{
    /// <summary>" Did you mean 'x'?" for the nearest candidate, or nothing when none is near.</summary>
    public static string Suggest(string typed, IEnumerable<string> candidates)
    {
        var nearest = candidates
            .Select(candidate => (candidate, distance: Distance(Plain(typed), Plain(candidate))))
            .Where(guess => guess.distance <= Math.Max(1, Plain(typed).Length / 3))
            .OrderBy(guess => guess.distance).ThenBy(guess => guess.candidate, StringComparer.Ordinal)
            .Select(guess => guess.candidate)
            .FirstOrDefault();
        return nearest == null ? "" : $" Did you mean '{nearest}'?";
    }

    private static string Plain(string name) => name.Replace("-", "").ToLowerInvariant();

    /// <summary>Optimal string alignment: letters inserted, dropped or changed, and neighbours swapped.</summary>
    internal static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            cost[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            cost[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                cost[i, j] = Math.Min(
                    Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1,
                    cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        return cost[a.Length, b.Length];
    }
}
