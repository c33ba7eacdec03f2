namespace MLBuild.Benchmarks.Reporting;

/// <summary>Figures as a Markdown table, padded so that it also reads well where it is printed.</summary>
internal static class Report
{
    private static readonly string[] Header = ["what", "goal", "median", "least", "CPU", "runs", "to ours"];

    /// <summary>The machine, then what each benchmark found.</summary>
    public static string Text(
        IEnumerable<(string What, string Value)> facts, IEnumerable<(string Title, string Text)> sections) =>
        $"""
        # Benchmarks

        Wall time, each run in turn with those it is compared with: the median, the least, and the median of the CPU time
        of all processes. Of whole programs, from their start to their end; but hashing, asking for sizes and bare threads
        are measured inside the benchmark's own process. `./build.sh Bench` measures all anew.

        {Table(["", ""], facts.Select(fact => (IReadOnlyList<string>)[fact.What, fact.Value]))}
        """ + string.Concat(sections.Select(section => $"\n\n## {section.Title}\n\n{section.Text}")) + "\n";

    public static string Table(IEnumerable<Figure> figures) => Table(Header, figures.Select(figure => figure.Cells()));

    private static string Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string>[] lines = [header, .. rows];
        var widths = header.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        return string.Join('\n', lines.Select(Line).Take(1)
            .Append($"|{string.Concat(widths.Select(width => $"{new string('-', width + 2)}|"))}")
            .Concat(lines.Skip(1).Select(Line)));

        string Line(IReadOnlyList<string> cells) =>
            $"|{string.Concat(cells.Select((cell, column) => $" {cell.PadRight(widths[column])} |"))}";
    }
}
