using System.Globalization;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>The header of a CSV file that has all columns of a row type.</summary>
/// <param name="Columns">The names in the file's order.</param>
/// <param name="Extra">Those of them that the row type does not have, in the file's order. They are not read.</param>
public sealed record CsvHeader(IReadOnlyList<string> Columns, IReadOnlyList<string> Extra)
{
    private const int MostShown = 40;

    /// <param name="given">Columns that the file need not have.</param>
    /// <exception cref="TableException">A name appears twice, or columns of <typeparamref name="TRow"/> are missing.
    /// </exception>
    internal static CsvHeader Check<TRow>(TextFile file, IReadOnlyList<string> columns, GivenColumns<TRow> given)
        where TRow : class, new()
    {
        var twice = columns.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).ToList();
        if (twice.Count > 0)
            throw new TableException(
                $"'{file.Name}' has more than one column {List([.. twice.Select(group => $"'{group.Key}'")])}. "
                + "Rename or remove all but one.");

        var all = RowSchema<TRow>.Instance.Columns.Select(column => column.Name).ToList();
        var extra = columns.Except(all, StringComparer.Ordinal).ToList();
        var missing = RowSchema<TRow>.Instance.Columns.Where(column => !given.Has(column))
            .Select(column => column.Name).Except(columns, StringComparer.Ordinal).ToList();
        return missing.Count == 0
            ? new(columns, extra)
            : throw new TableException(
                $"'{file.Name}' lacks {Missing(missing, extra)} Its columns are {List(columns)}."
                + OtherSeparator(file, columns));
    }

    /// <summary>Names columns that a file lacks, and what they may be called in it.</summary>
    internal static string Missing(IReadOnlyList<string> missing, IReadOnlyList<string> extra)
    {
        // A file of so many columns is another one, and comparing all would take minutes.
        var candidates = extra.Count > 1_000 ? [] : extra;
        var renamed = missing
            .Select(name => (Name: name, Guess: Spelling.Closest(name, candidates)))
            .Where(pair => pair.Guess is not null)
            .Select(pair => $"'{pair.Name}' to '{pair.Guess}'")
            .ToList();
        return $"{List([.. missing.Select(name => $"'{name}'")])}."
            + (renamed.Count > 0 ? $" Were they renamed: {string.Join(", ", renamed)}?" : "");
    }

    internal static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostShown).Select(name => name.Length <= LongestShown
            ? name : $"{name[..LongestShown]}…"))
        + (names.Count <= MostShown ? "" : string.Create(CultureInfo.InvariantCulture,
            $" and {names.Count - MostShown:N0} more"));

    private const int LongestShown = 100;

    private static string OtherSeparator(TextFile file, IReadOnlyList<string> columns)
    {
        if (columns is not [var only])
            return "";
        (char Separator, string Advice)[] others = file.Rows == RowFormat.Tsv
            ? [(',', "commas? Name it .csv."), (';', "semicolons? Separate them by tabs.")]
            : [('\t', "tabs? Name it .tsv."), (';', "semicolons? Separate them by commas."),
                ('|', "bars? Separate them by commas.")];
        return others.Where(other => only.Contains(other.Separator))
            .Select(other => $" Are they separated by {other.Advice}").FirstOrDefault() ?? "";
    }
}
