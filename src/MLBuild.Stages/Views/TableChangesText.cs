using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Views;

/// <summary>What differs between two tables, for a person.</summary>
internal static class TableChangesText
{
    private const int WidestCell = 40;

    public static IEnumerable<string> Lines(TableChanges changes, Page page)
    {
        yield return changes.Columns.Count == 0 ? "columns: the same" : "columns";
        foreach (var line in changes.Columns.SelectMany(column => page.Wrap($"  {column}")))
            yield return line;
        yield return string.Create(CultureInfo.InvariantCulture,
            $"rows: {changes.RowsBefore:N0} -> {changes.RowsAfter:N0}");
        if (changes.Compared.Count == 0)
        {
            yield return "  no column is in both, so no row is compared";
            yield break;
        }
        yield return (changes.Added, changes.Removed, changes.Changed) is (0, 0, 0)
            ? changes.Key.Count == 0 ? "  the same rows, whatever their order" : "  the same rows by key"
            : string.Create(CultureInfo.InvariantCulture, $"  {changes.Added:N0} added, {changes.Removed:N0} removed") +
                (changes.Key.Count == 0 ? ", as whole rows; --key id,day tells changed ones apart"
                    : string.Create(CultureInfo.InvariantCulture,
                        $", {changes.Changed:N0} changed, by {string.Join(", ", changes.Key)}"));
        foreach (var line in (IEnumerable<string>)
            [
                .. Changed(changes, page), .. Rows("added", changes, changes.FirstAdded, changes.Added, page),
                .. Rows("removed", changes, changes.FirstRemoved, changes.Removed, page),
            ])
            yield return line;
    }

    private static IEnumerable<string> Changed(TableChanges changes, Page page) => changes.FirstChanged.Count == 0
        ? [] :
        [
            "", First("changed", changes.FirstChanged.Count, changes.Changed),
            .. changes.FirstChanged.SelectMany(row => page.Wrap(
                $"  {string.Join(", ", row.Key.Select(Fit))}: {string.Join("; ", row.Cells
                    .Select(cell => $"{cell.Column} {Fit(cell.Before)} -> {Fit(cell.After)}"))}")),
        ];

    private static IEnumerable<string> Rows(
        string what, TableChanges changes, IReadOnlyList<IReadOnlyList<string>> rows, long all, Page page) =>
        rows.Count == 0 ? [] :
        [
            "", First(what, rows.Count, all),
            .. PageTable.Lines(page, [.. changes.Compared.Select(column => new PageColumn(Fit(column)))],
                rows.Select(row => (PageCell[])[.. row.Select(cell => new PageCell(Fit(cell)))]), indent: 2),
        ];

    private static string First(string what, int shown, long all) => shown == all ? what
        : string.Create(CultureInfo.InvariantCulture, $"{what}, the first {shown}");

    private static string Fit(string cell) => Page.Cut(cell, WidestCell);
}
