using System.Globalization;
using MLBuild.Engine.Inspection;

namespace MLBuild.Stages.Tables;

/// <summary>What a person wants to see of a table of any schema: the number of rows; each column with its type, how
/// many values are absent (null or not-a-number), the smallest, mean and largest of the others, how many different ones
/// there are and the most frequent of them; and the first rows.</summary>
/// <param name="Rows">How many rows there are; null for a text that was not read to its end.</param>
/// <param name="RowsLookedAt">How many of them, the first ones, all figures of columns are of.</param>
/// <param name="Groups">Row groups; null in a text.</param>
public sealed record TablePreview(
    long? Rows, long RowsLookedAt, int? Groups, IReadOnlyList<TablePreview.Column> Columns,
    IReadOnlyList<IReadOnlyList<string>> FirstRows)
{
    /// <summary>How many values are looked at while somebody waits: some 0.2 s.</summary>
    internal const long AtOnce = 3_000_000;

    // Measured; it is said as a guess.
    private const long ValuesPerSecond = 25_000_000;

    private const int WidestCell = 40;
    private const string Nothing = AnyColumn.Nothing;

    /// <param name="Min">As text, as the others; <c>-</c> of a type that has none.</param>
    /// <param name="Distinct">How many different values; null of a column that is not looked into.</param>
    /// <param name="IsEstimate">True if they were too many to count each.</param>
    /// <param name="MostFrequent">Null where each is there once, or they were too many.</param>
    public sealed record Column(
        string Name, string Type, long Absent, string Min, string Mean, string Max, long? Distinct, bool IsEstimate,
        string? MostFrequent, long? RowsOfMostFrequent);

    /// <summary>Reads a file, some rows in memory at a time.</summary>
    /// <param name="name">What messages call it, whose end says what it is.</param>
    /// <param name="rows">How many rows to keep, from 0.</param>
    /// <param name="mostValues">How many values to look at, of the first rows; all where it is not given.</param>
    /// <exception cref="TableException">The file is not what its name says, or is corrupt.</exception>
    public static TablePreview Read(string path, string name, int rows, long mostValues = long.MaxValue)
    {
        using var table = AnyTable.Open(path, name);
        var counts = table.Columns.Select(_ => new ValueCounts()).ToArray();
        var firstRows = new List<string[]>();
        var total = 0L;
        var most = mostValues == long.MaxValue ? mostValues
            : Math.Max(Math.Max(rows, 1), mostValues / Math.Max(1, table.Columns.Count));
        while (total < most && table.Next((int)Math.Min(most - total, int.MaxValue)))
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
        Column[] columns = [.. table.Columns.Zip(counts, Of)];
        // Only now, as what is read counts.
        var all = table.RowCount ?? (total < most || !table.Next(1) ? total : null);
        return new(all, total, table.Groups, columns, firstRows);
    }

    /// <summary>A Parquet file where nothing is cut but cells of more than 40 characters.</summary>
    /// <exception cref="TableException">The file is missing, is not Parquet, or is corrupt.</exception>
    public static string Of(string path, int rows) => string.Concat(
        Read(path, Path.GetFileName(path), rows).Lines(Page.Endless).Select(line => $"{line}\n"));

    public IEnumerable<string> Lines(Page page) =>
    [
        (Rows is { } rows ? string.Create(CultureInfo.InvariantCulture, $"rows {rows:N0}")
            : string.Create(CultureInfo.InvariantCulture, $"rows more than {RowsLookedAt:N0}")) +
            string.Create(CultureInfo.InvariantCulture, $", columns {Columns.Count}") +
            (Groups is { } groups ? string.Create(CultureInfo.InvariantCulture, $", row groups {groups}") : ""),
        .. Rows == RowsLookedAt ? [] : page.Wrap(Left),
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

    // figures of the first 29,126 rows; --in-full looks at all 103,000,000 values, some 4 s
    private string Left => string.Create(CultureInfo.InvariantCulture,
        $"figures of the first {RowsLookedAt:N0} rows; --in-full looks at all") + (Rows * Columns.Count is { } values
            ? string.Create(CultureInfo.InvariantCulture,
                $" {values:N0} values, some {Math.Max(1, values / ValuesPerSecond)} s") : "");

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
            ? $"{Fit(value)} ({(100.0 * rows / RowsLookedAt).ToString("0.#", CultureInfo.InvariantCulture)} %)"
            : Nothing,
    ];

    private static string Fit(string cell) => Page.Cut(cell, WidestCell);
}
