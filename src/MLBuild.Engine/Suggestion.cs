namespace MLBuild.Engine;

/// <summary>What a message about a name says of the names that there are.</summary>
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

    /// <summary>All of them, or <c>nothing</c>.</summary>
    internal static string Names(IEnumerable<string> names) =>
        string.Join(", ", names) is { Length: > 0 } all ? all : "nothing";

    /// <summary>See <see cref="EditDistance.Of"/>.</summary>
    public static int Edits(string from, string to) => EditDistance.Of(from, to);
}
