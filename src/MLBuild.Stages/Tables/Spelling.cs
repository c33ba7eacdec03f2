using MLBuild.Engine;

namespace MLBuild.Stages.Tables;

/// <summary>Finds the name that somebody may have meant.</summary>
internal static class Spelling
{
    /// <summary>The candidate with the fewest edits to <paramref name="name"/>, the first of them in a tie, or null
    /// where all differ in more than half of the characters. Case does not count.</summary>
    public static string? Closest(string name, IEnumerable<string> candidates) => candidates
        .Select(candidate => (Text: candidate, Edits: Suggestion.Edits(name, candidate)))
        .Where(candidate => 2 * candidate.Edits <= Math.Max(name.Length, candidate.Text.Length))
        .OrderBy(candidate => candidate.Edits)
        .Select(candidate => candidate.Text)
        .FirstOrDefault();
}
