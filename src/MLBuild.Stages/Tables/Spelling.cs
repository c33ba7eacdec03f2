namespace MLBuild.Stages.Tables;

/// <summary>Finds the name that somebody may have meant.</summary>
internal static class Spelling
{
    /// <summary>The candidate with the fewest edits to <paramref name="name"/>, the first of them in a tie, or null
    /// where all differ in more than half of the characters. Case does not count.</summary>
    public static string? Closest(string name, IEnumerable<string> candidates) => candidates
        .Select(candidate => (Text: candidate, Edits: Edits(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
        .Where(candidate => 2 * candidate.Edits <= Math.Max(name.Length, candidate.Text.Length))
        .OrderBy(candidate => candidate.Edits)
        .Select(candidate => candidate.Text)
        .FirstOrDefault();

    // Levenshtein's distance, one row of its table at a time.
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var substitute = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}
