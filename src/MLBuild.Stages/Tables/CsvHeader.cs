using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>The header of a CSV file that has all columns of a row type.</summary>
/// <param name="Columns">The names in the file's order.</param>
/// <param name="Extra">Those of them that the row type does not have, in the file's order. They are not read.</param>
public sealed record CsvHeader(IReadOnlyList<string> Columns, IReadOnlyList<string> Extra)
{
    /// <exception cref="TableException">A name appears twice, or columns of <typeparamref name="TRow"/> are missing.
    /// </exception>
    internal static CsvHeader Check<TRow>(string file, IReadOnlyList<string> columns)
        where TRow : class, new()
    {
        var twice = columns.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).ToList();
        if (twice.Count > 0)
            throw new TableException(
                $"'{file}' has more than one column {Quoted(twice.Select(group => group.Key))}. "
                + "Rename or remove all but one.");

        var expected = RowSchema<TRow>.Instance.Columns.Select(column => column.Name).ToList();
        var extra = columns.Except(expected, StringComparer.Ordinal).ToList();
        var missing = expected.Except(columns, StringComparer.Ordinal).ToList();
        if (missing.Count == 0)
            return new(columns, extra);

        var renamed = missing
            .Select(name => (Name: name, Guess: Spelling.Closest(name, extra)))
            .Where(pair => pair.Guess is not null)
            .Select(pair => $"'{pair.Name}' to '{pair.Guess}'")
            .ToList();
        throw new TableException(
            $"'{file}' lacks {Quoted(missing)}."
            + (renamed.Count > 0 ? $" Were they renamed: {string.Join(", ", renamed)}?" : "")
            + $" Its columns are {string.Join(", ", columns)}.");
    }

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
