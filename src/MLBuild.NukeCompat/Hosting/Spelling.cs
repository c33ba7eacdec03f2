using MLBuild.Engine;

namespace MLBuild.NukeCompat;

/// <summary>Guesses what was meant by a name that does not exist.</summary>
internal static class Spelling
{
    /// <summary>" Did you mean 'x'?" for the nearest candidate, or nothing when none is near.</summary>
    public static string Suggest(string typed, IEnumerable<string> candidates)
    {
        var nearest = candidates
            .Select(candidate => (candidate, distance: EditDistance.Of(Plain(typed), Plain(candidate))))
            .Where(guess => guess.distance <= Math.Max(1, Plain(typed).Length / 3))
            .OrderBy(guess => guess.distance).ThenBy(guess => guess.candidate, StringComparer.Ordinal)
            .Select(guess => guess.candidate)
            .FirstOrDefault();
        return nearest == null ? "" : $" Did you mean '{nearest}'?";
    }

    private static string Plain(string name) => name.Replace("-", "");
}
