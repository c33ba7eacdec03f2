using System.Globalization;

namespace MLBuild.Stages.Tables;

/// <summary>Names of columns in messages.</summary>
internal static class ColumnNames
{
    private const int MostShown = 40;
    private const int LongestShown = 100;

    /// <summary>Those that a file lacks, and what they may be called in it.</summary>
    public static string Missing(IReadOnlyList<string> missing, IReadOnlyList<string> extra) =>
        $"{List([.. missing.Select(name => $"'{name}'")])}.{Renamed(missing, extra)}";

    /// <summary>What those that a file lacks may be called in it: a sentence with a space before, or nothing.</summary>
    public static string Renamed(IReadOnlyList<string> missing, IReadOnlyList<string> extra)
    {
        // A file of so many columns is another one, and comparing all would take minutes.
        var candidates = extra.Count > 1_000 ? [] : extra;
        var renamed = missing
            .Select(name => (Name: name, Guess: Spelling.Closest(name, candidates)))
            .Where(pair => pair.Guess is not null)
            .Select(pair => $"'{pair.Name}' to '{pair.Guess}'")
            .ToList();
        return renamed.Count > 0 ? $" Were they renamed: {string.Join(", ", renamed)}?" : "";
    }

    public static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostShown).Select(name => name.Length <= LongestShown
            ? name : $"{name[..LongestShown]}…"))
        + (names.Count <= MostShown ? "" : string.Create(CultureInfo.InvariantCulture,
            $" and {names.Count - MostShown:N0} more"));
}
