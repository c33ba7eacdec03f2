namespace MLBuild.Engine.Inspection;

/// <summary>A column of a <see cref="PageTable"/>.</summary>
/// <param name="IsNumber">To the right.</param>
/// <param name="IsCut">Its cells are cut with <c>…</c> before the table is divided.</param>
public sealed record PageColumn(string Heading, bool IsNumber = false, bool IsCut = false);

/// <summary>A cell of a <see cref="PageTable"/>.</summary>
public sealed record PageCell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator PageCell(string text) => new(text);
}

/// <summary>Rows under a heading, each column as wide as its widest cell. What does not fit is first cut, in the
/// columns that may be; then the columns that are left over follow below, behind the first one again.</summary>
public static class PageTable
{
    private const int NarrowestCut = 10;
    private const string Gap = "  ";

    public static IEnumerable<string> Lines(
        Page page, IReadOnlyList<PageColumn> columns, IEnumerable<IReadOnlyList<PageCell>> rows, int indent = 0)
    {
        IReadOnlyList<PageCell>[] all = [[.. columns.Select(column => new PageCell(column.Heading))], .. rows];
        var widths = columns.Select((_, i) => all.Max(row => row[i].Text.Length)).ToArray();
        var room = page.Width is null ? int.MaxValue : page.Columns - indent;
        Shrink(widths, columns, room);
        var blocks = Blocks(widths, room);
        for (var block = 0; block < blocks.Count; block++)
        {
            if (block > 0)
                yield return "";
            foreach (var row in all)
                yield return new string(' ', indent) + Line(page, columns, row, widths, blocks[block]);
        }
    }

    private static void Shrink(int[] widths, IReadOnlyList<PageColumn> columns, int room)
    {
        while (Needed(widths, Enumerable.Range(0, widths.Length)) > room)
        {
            var widest = Enumerable.Range(0, widths.Length)
                .Where(i => columns[i].IsCut && widths[i] > Math.Max(NarrowestCut, columns[i].Heading.Length))
                .Select(i => (int?)i).MaxBy(i => widths[i!.Value]);
            if (widest is not { } column)
                return;
            widths[column]--;
        }
    }

    private static List<List<int>> Blocks(int[] widths, int room)
    {
        var blocks = new List<List<int>> { new() { 0 } };
        for (var column = 1; column < widths.Length; column++)
        {
            // A column that fits beside no other stands alone with the first.
            if (blocks[^1].Count > 1 && Needed(widths, [.. blocks[^1], column]) > room)
                blocks.Add([0]);
            blocks[^1].Add(column);
        }
        return blocks;
    }

    private static long Needed(int[] widths, IEnumerable<int> columns) =>
        columns.Sum(column => (long)widths[column] + Gap.Length) - Gap.Length;

    private static string Line(
        Page page, IReadOnlyList<PageColumn> columns, IReadOnlyList<PageCell> row, int[] widths, List<int> shown)
    {
        // Nothing is painted behind the last word of a line, so that no spaces are left at its end.
        var last = shown.FindLastIndex(column => row[column].Text.Length > 0);
        return string.Join(Gap, shown.Take(last + 1).Select((column, place) =>
        {
            var text = Page.Cut(row[column].Text, widths[column]);
            var pad = new string(' ', widths[column] - text.Length);
            var painted = page.Paint(text, row[column].Tone);
            return columns[column].IsNumber ? pad + painted : place == last ? painted : painted + pad;
        }));
    }
}
