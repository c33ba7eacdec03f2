using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>The header of a CSV file that has all columns of a row type.</summary>
/// <param name="Columns">The names in the file's order.</param>
/// <param name="Extra">Those of them that the row type does not have, in the file's order. They are not read.</param>
public sealed record CsvHeader(IReadOnlyList<string> Columns, IReadOnlyList<string> Extra)
{
    /// <param name="given">Columns that the file need not have.</param>
    /// <exception cref="TableException">A name appears twice, or columns of <typeparamref name="TRow"/> are missing.
    /// </exception>
    internal static CsvHeader Check<TRow>(TextFile file, IReadOnlyList<string> columns, GivenColumns<TRow> given)
        where TRow : class, new()
    {
        var twice = columns.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).ToList();
        if (twice.Count > 0)
            throw new TableException(
                $"'{file.Name}' has more than one column "
                + $"{ColumnNames.List([.. twice.Select(group => $"'{group.Key}'")])}. Rename or remove all but one.");

        var all = RowSchema<TRow>.Instance.Columns.Select(column => column.Name).ToList();
        var extra = columns.Except(all, StringComparer.Ordinal).ToList();
        var missing = RowSchema<TRow>.Instance.Columns.Where(column => !given.Has(column))
            .Select(column => column.Name).Except(columns, StringComparer.Ordinal).ToList();
        return missing.Count == 0
            ? new(columns, extra)
            : throw new TableException(
                $"'{file.Name}' lacks {ColumnNames.Missing(missing, extra)} "
                + $"Its columns are {ColumnNames.List(columns)}."
                + OtherSeparator(file, columns));
    }

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
