namespace MLBuild.Stages.Reports;

/// <summary>Rows under a heading, each column as wide as its widest cell.</summary>
internal static class TextTable
{
    public static IEnumerable<string> Lines(IReadOnlyList<string> heading, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string>[] all = [heading, .. rows];
        var widths = heading.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        return all.Select(row =>
            string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
