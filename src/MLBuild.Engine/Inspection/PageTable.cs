namespace MLBuild.Engine.Inspection;

/// <summary>A column of a <see cref="PageTable"/>.</summary>
/// <param name="IsNumber">To the right.</param>
/// <param name="IsCut">Its cells are cut with <c>…</c> before the table is divided.</param>
/// <param name="IsWrapped">Its cells are sentences, which go on below in their column before the table is
/// divided.</param>
public sealed record PageColumn(string Heading, bool IsNumber = false, bool IsCut = false, bool IsWrapped = false);

/// <summary>A cell of a <see cref="PageTable"/>.</summary>
public sealed record PageCell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator PageCell(string text) => new(text);
}

/// <summary>Rows under a heading, each column as wide as its widest cell. What does not fit is first wrapped or cut, in
/// the columns that may be; then the columns that are left over follow below, behind the first one again.</summary>
public static class PageTable
{
    private const int NarrowestCut = 10;

    // A sentence in a narrower column is hard to read.
    private const int NarrowestWrapped = 30;
    private const string Gap = "  ";

    public static IEnumerable<string> Lines(
        Page page, IReadOnlyList<PageColumn> columns, IEnumerable<IReadOnlyList<PageCell>> rows, int indent = 0)
    {
        IReadOnlyList<PageCell>[] all = [[.. columns.Select(column => new PageCell(column.Heading))], .. rows];
        int[] natural = [.. columns.Select((_, i) => all.Max(row => row[i].Text.Length))];
        int[] narrowest = [.. columns.Select((column, i) => Narrowest(column, natural[i], all.Select(row => row[i])))];
        int[] widths = [.. natural];
        var room = page.Width is null ? int.MaxValue : page.Columns - indent;
        // What wraps loses nothing.
        Shrink(widths, narrowest, room, [.. columns.Select(column => column.IsWrapped)]);
        Shrink(widths, narrowest, room, [.. columns.Select(column => column.IsCut)]);
        var blocks = Blocks(widths, room);
        for (var block = 0; block < blocks.Count; block++)
        {
            if (block > 0)
                yield return "";
            Widen(widths, natural, room, blocks[block]);
            foreach (var line in all.SelectMany(row => Lines(page, columns, row, widths, blocks[block])))
                yield return (new string(' ', indent) + line).TrimEnd(' ');
        }
    }

    private static int Narrowest(PageColumn column, int natural, IEnumerable<PageCell> cells) => column switch
    {
        { IsCut: true } => Math.Min(natural, Math.Max(NarrowestCut, column.Heading.Length)),
        // A word stays whole.
        { IsWrapped: true } => Math.Max(
            Math.Min(natural, NarrowestWrapped), cells.Max(cell => cell.Text.Split(' ').Max(word => word.Length))),
        _ => natural,
    };

    private static void Shrink(int[] widths, int[] narrowest, int room, bool[] may)
    {
        while (Needed(widths, Enumerable.Range(0, widths.Length)) > room)
        {
            var widest = Enumerable.Range(0, widths.Length).Where(i => may[i] && widths[i] > narrowest[i])
                .Select(i => (int?)i).MaxBy(i => widths[i!.Value]);
            if (widest is not { } column)
                return;
            widths[column]--;
        }
    }

    // Columns that stand apart from others have more room. The first stands in every block.
    private static void Widen(int[] widths, int[] natural, int room, List<int> shown)
    {
        foreach (var column in shown.Skip(1))
        {
            var more = Math.Min(natural[column] - widths[column], room - Needed(widths, shown));
            widths[column] += (int)Math.Max(0, more);
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

    private static IEnumerable<string> Lines(
        Page page, IReadOnlyList<PageColumn> columns, IReadOnlyList<PageCell> row, int[] widths, List<int> shown)
    {
        if (!shown.Any(column => columns[column].IsWrapped && row[column].Text.Length > widths[column]))
            return [Line(page, columns, row, widths, shown)];
        string[][] cells = [.. row.Select((cell, column) => columns[column].IsWrapped
            ? [.. Page.Wrap(Page.Cut(cell.Text, int.MaxValue), widths[column], indent: 0)] : (string[])[cell.Text])];
        return Enumerable.Range(0, shown.Max(column => cells[column].Length)).Select(line => Line(page, columns,
            [.. row.Select((cell, column) => cell with { Text = cells[column].ElementAtOrDefault(line) ?? "" })],
            widths, shown));
    }

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
