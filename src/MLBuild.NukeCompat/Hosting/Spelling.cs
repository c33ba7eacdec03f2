using MLBuild.Engine;

namespace MLBuild.NukeCompat;

/// <summary>Guesses what was meant by a name that does not exist.</summary>
internal static class Spelling
{
    /// <summary>" Did you mean 'x'?" for the nearest candidate, or else the shortest that has what was typed among its
    /// words, or nothing.</summary>
    public static string Suggest(string typed, IReadOnlyCollection<string> candidates)
    {
        var nearest = candidates
            .Select(candidate => (candidate, distance: EditDistance.Of(Plain(typed), Plain(candidate))))
            .Where(guess => guess.distance <= Math.Max(1, Plain(typed).Length / 3))
            .OrderBy(guess => guess.distance).ThenBy(guess => guess.candidate, StringComparer.Ordinal)
            .Select(guess => guess.candidate)
            .FirstOrDefault()
            ?? candidates
                .Where(candidate => Bounded(candidate).Contains(Bounded(typed), StringComparison.OrdinalIgnoreCase))
                .OrderBy(candidate => candidate.Length).ThenBy(candidate => candidate, StringComparer.Ordinal)
                .FirstOrDefault();
        return nearest == null ? "" : $" Did you mean '{nearest}'?";
    }

    private static string Plain(string name) => name.Replace("-", "");

    // So that only whole words are found in it.
    private static string Bounded(string name) => $"-{name.Trim('-')}-";
}
