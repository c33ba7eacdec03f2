using System.Globalization;
using MLBuild.Engine.Inspection;

namespace MLBuild.Stages.Tables;

/// <summary>What a person wants to see of a table of any schema: the number of rows; each column with its type, how
/// many values are absent (null or not-a-number), the smallest, mean and largest of the others, how many different ones
/// there are and the most frequent of them; and the first rows.</summary>
/// <param name="Groups">Row groups; null in a text.</param>
public sealed record TablePreview(
    long Rows, int? Groups, IReadOnlyList<TablePreview.Column> Columns, IReadOnlyList<IReadOnlyList<string>> FirstRows)
{
    private const int WidestCell = 40;
    private const string Nothing = AnyColumn.Nothing;

    /// <param name="Min">As text, as the others; <c>-</c> of a type that has none.</param>
    /// <param name="Distinct">How many different values; null of a column that is not looked into.</param>
    /// <param name="IsEstimate">True if they were too many to count each.</param>
    /// <param name="MostFrequent">Null where each is there once, or they were too many.</param>
    public sealed record Column(
        string Name, string Type, long Absent, string Min, string Mean, string Max, long? Distinct, bool IsEstimate,
        string? MostFrequent, long? RowsOfMostFrequent);

    /// <summary>Reads the whole file, some rows in memory at a time.</summary>
    /// <param name="name">What messages call it, whose end says what it is.</param>
    /// <param name="rows">How many rows to keep, from 0.</param>
    /// <exception cref="TableException">The file is not what its name says, or is corrupt.</exception>
    public static TablePreview Read(string path, string name, int rows)
    {
        using var table = AnyTable.Open(path, name);
        var counts = table.Columns.Select(_ => new ValueCounts()).ToArray();
        var firstRows = new List<string[]>();
        var total = 0L;
        while (table.Next())
        {
            for (var row = 0; row < table.Count && firstRows.Count < rows; row++)
                firstRows.Add([.. table.Columns.Select(column => column.Text(row))]);
            for (var i = 0; i < counts.Length; i++)
            {
                for (var row = 0; row < table.Count; row++)
                {
                    if (!table.Columns[i].IsAbsent(row))
                        counts[i].Add(table.Columns[i], row);
                }
            }
            total += table.Count;
        }
        return new(total, table.Groups, [.. table.Columns.Zip(counts, Of)], firstRows);
    }

    /// <summary>A Parquet file where nothing is cut but cells of more than 40 characters.</summary>
    /// <exception cref="TableException">The file is missing, is not Parquet, or is corrupt.</exception>
    public static string Of(string path, int rows) => string.Concat(
        Read(path, Path.GetFileName(path), rows).Lines(Page.Endless).Select(line => $"{line}\n"));

    public IEnumerable<string> Lines(Page page) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"rows {Rows:N0}, columns {Columns.Count}") +
            (Groups is { } groups ? string.Create(CultureInfo.InvariantCulture, $", row groups {groups}") : ""),
        "",
        .. PageTable.Lines(page,
            [
                new("column"), new("type"), new("absent", IsNumber: true), new("min"), new("mean"), new("max"),
                new("distinct", IsNumber: true), new("most frequent", IsCut: true),
            ],
            Columns.Select(Row)),
        .. FirstRows.Count == 0 ? [] : (IEnumerable<string>)
        [
            "",
            .. PageTable.Lines(page, [.. Columns.Select(column => new PageColumn(Fit(column.Name)))],
                FirstRows.Select(row => (PageCell[])[.. row.Select(cell => new PageCell(Fit(cell)))])),
        ],
    ];

    private static Column Of(AnyColumn column, ValueCounts counts)
    {
        var figures = column.Figures();
        if (!long.TryParse(figures[0], CultureInfo.InvariantCulture, out var absent))
            return new(column.Name, column.Type, 0, "…", "…", "…", null, false, null, null);
        var top = counts.Values is [{ Rows: > 1 } first, ..] ? first : null;
        return new(column.Name, column.Type, absent, figures[1], figures[2], figures[3], counts.Distinct,
            counts.Values is null, top?.Text, top?.Rows);
    }

    private PageCell[] Row(Column column) =>
    [
        Fit(column.Name), column.Type,
        column.Distinct is null ? "…" : column.Absent.ToString("N0", CultureInfo.InvariantCulture),
        Fit(column.Min), Fit(column.Mean), Fit(column.Max),
        column.Distinct is not { } distinct ? "…"
            : (column.IsEstimate ? "~" : "") + distinct.ToString("N0", CultureInfo.InvariantCulture),
        column is { MostFrequent: { } value, RowsOfMostFrequent: { } rows }
            ? $"{Fit(value)} ({(100.0 * rows / Rows).ToString("0.#", CultureInfo.InvariantCulture)} %)" : Nothing,
    ];

    private static string Fit(string cell) => Page.Cut(cell, WidestCell);
}
