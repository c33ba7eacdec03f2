using System.Globalization;

namespace MLBuild.Stages.Tables;

/// <summary>What a person wants to see of a Parquet file of any schema, as text that is the same in every culture.
/// </summary>
public static class TablePreview
{
    private const int WidestCell = 40;

    /// <summary>The number of rows; each column with its type, how many values are absent (null or not-a-number), the
    /// smallest, mean and largest of the others; and the first rows. The whole file is read, one row group in memory
    /// at a time.</summary>
    /// <param name="path">The Parquet file.</param>
    /// <param name="rows">How many rows to show, from 0.</param>
    /// <exception cref="TableException">The file is missing, is not Parquet, or is corrupt.</exception>
    public static string Of(string path, int rows)
    {
        using var source = new ParquetSource(path);
        var columns = source.Fields.Select(PreviewColumn.For).ToList();
        var firstRows = new List<string[]>();
        for (var group = 0; group < source.GroupCount; group++)
        {
            var count = source.RowsIn(group);
            foreach (var column in columns)
                column.Read(source, group, count);
            for (var i = 0; i < count && firstRows.Count < rows; i++)
                firstRows.Add([.. columns.Select(column => column.Text(i))]);
        }

        string[] head = ["column", "type", "absent", "min", "mean", "max"];
        string[] names = [.. source.Fields.Select(field => field.Path.ToString())];
        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"rows {source.RowCount:N0}, columns {columns.Count}, row groups {source.GroupCount}");
        var schema = Align([head, .. columns.Select(column => column.Summary())]);
        return firstRows.Count == 0 ? $"{title}\n\n{schema}" : $"{title}\n\n{schema}\n{Align([names, .. firstRows])}";
    }

    private static string Align(IReadOnlyList<string[]> lines)
    {
        var cells = lines.Select(line => line.Select(Fit).ToArray()).ToList();
        var widths = Enumerable.Range(0, cells[0].Length).Select(i => cells.Max(line => line[i].Length)).ToArray();
        return string.Concat(cells.Select(line =>
            string.Join("  ", line.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd() + "\n"));
    }

    // A line break in a text would break the table.
    private static string Fit(string cell)
    {
        var line = string.Concat(cell.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= WidestCell ? line : $"{line[..(WidestCell - 1)]}…";
    }
}
