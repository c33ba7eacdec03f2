using System.Net;
using System.Text;

namespace MLBuild.Engine.Graphs;

/// <summary>A graph of stages as an SVG picture, from what reads nothing at the left. It needs no other file, font or
/// program, is drawn for light and dark pages, and says each state by colour and by word.</summary>
public static class StageGraphPicture
{
    private const int Width = 170;
    private const int Height = 44;
    private const int ColumnGap = 50;
    private const int RowGap = 16;
    private const int Margin = 20;
    private const int LegendHeight = 34;
    private const int LongestText = 24;
    private const int LegendWidth = 110;

    // Below a class of the picture's own: a page that has it within has rules for itself.
    private const string Style = """
        .stage-graph .page { fill: #ffffff; }
        .stage-graph .name { fill: #1f2933; font-weight: 600; }
        .stage-graph .word { fill: #3e4c59; }
        .stage-graph .way { fill: none; stroke: #9aa5b1; }
        .stage-graph .fresh { fill: #d8f0d8; stroke: #2e7d32; }
        .stage-graph .stale { fill: #ffe8b3; stroke: #b35900; }
        .stage-graph .undecided { fill: #fff6dc; stroke: #b35900; stroke-dasharray: 4; }
        .stage-graph .failed { fill: #ffd6d6; stroke: #b00020; }
        .stage-graph .effect { fill: #dde9f8; stroke: #2a5b99; }
        .stage-graph .never { fill: #f0f2f4; stroke: #6b7785; stroke-dasharray: 4; }
        @media (prefers-color-scheme: dark) {
        .stage-graph .page { fill: #14191f; }
        .stage-graph .name { fill: #f5f7fa; }
        .stage-graph .word { fill: #cbd2d9; }
        .stage-graph .way { stroke: #616e7c; }
        .stage-graph .fresh { fill: #173d1c; stroke: #66bb6a; }
        .stage-graph .stale { fill: #4a3200; stroke: #ffb74d; }
        .stage-graph .undecided { fill: #332a12; stroke: #ffb74d; }
        .stage-graph .failed { fill: #4f1218; stroke: #ef7f88; }
        .stage-graph .effect { fill: #16304f; stroke: #7fb0ea; }
        .stage-graph .never { fill: #252c34; stroke: #8a96a3; }
        }
        """;

    /// <returns>The text of the picture, the same for the same graph.</returns>
    public static string Svg(StageGraph graph, string title)
    {
        var places = Places(graph);
        var states = graph.Stages.Select(node => node.State).Distinct().Order().ToArray();
        var width = Math.Max(
            places.Values.Select(place => place.X + Width).DefaultIfEmpty(0).Max() + Margin,
            (2 * Margin) + (states.Length * LegendWidth));
        var legend = places.Values.Select(place => place.Y + Height).DefaultIfEmpty(0).Max() + Margin;
        var svg = new StringBuilder();
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"stage-graph\" " +
            $"viewBox=\"0 0 {width} {legend + LegendHeight}\" width=\"{width}\" height=\"{legend + LegendHeight}\" " +
            $"font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-labelledby=\"graph-title graph-desc\">");
        Line($"<title id=\"graph-title\">{Escaped(title)}</title>");
        Line($"<desc id=\"graph-desc\">{Escaped(string.Join(' ', graph.Stages.Select(Sentence)))}</desc>");
        Line($"<style>{Style}</style>");
        Line($"<rect class=\"page\" width=\"{width}\" height=\"{legend + LegendHeight}\"/>");
        foreach (var node in graph.Stages)
        {
            foreach (var read in node.Reads)
                Line($"<path class=\"way\" d=\"{Way(places[read], places[node.Stage])}\"/>");
        }
        foreach (var node in graph.Stages)
        {
            var (x, y) = places[node.Stage];
            Line($"<g><title>{Escaped(Sentence(node))}</title>" +
                $"<rect class=\"{ClassOf(node.State)}\" x=\"{x}\" y=\"{y}\" width=\"{Width}\" height=\"{Height}\" " +
                $"rx=\"5\"/><text class=\"name\" x=\"{x + 9}\" y=\"{y + 18}\">{Escaped(Cut(node.Stage))}</text>" +
                $"<text class=\"word\" x=\"{x + 9}\" y=\"{y + 35}\">{Escaped(Cut(Word(node)))}</text></g>");
        }
        foreach (var (index, state) in states.Index())
            Line($"<rect class=\"{ClassOf(state)}\" x=\"{Margin + (index * LegendWidth)}\" y=\"{legend}\" " +
                $"width=\"14\" height=\"14\" rx=\"3\"/><text class=\"word\" " +
                $"x=\"{Margin + (index * LegendWidth) + 20}\" y=\"{legend + 12}\">{StageGraph.WordOf(state)}</text>");
        Line("</svg>");
        return svg.ToString();

        void Line(string text) => svg.Append(text).Append('\n');
    }

    // Each column in the order of what its stages read, so that few lines cross, and centred.
    private static Dictionary<string, (int X, int Y)> Places(StageGraph graph)
    {
        var rows = new Dictionary<string, double>(StringComparer.Ordinal);
        var places = new Dictionary<string, (int X, int Y)>(StringComparer.Ordinal);
        var columns = graph.Stages.GroupBy(node => node.Level).OrderBy(column => column.Key)
            .Select(column => column.ToArray()).ToArray();
        var tallest = columns.Select(column => column.Length).DefaultIfEmpty(0).Max();
        foreach (var column in columns)
        {
            var ordered = column
                .OrderBy(node => node.Reads.Select(read => rows[read]).DefaultIfEmpty(0).Average()).ToArray();
            foreach (var (row, node) in ordered.Index())
            {
                rows[node.Stage] = row + ((tallest - ordered.Length) / 2.0);
                places[node.Stage] = (Margin + (node.Level * (Width + ColumnGap)),
                    Margin + (int)(rows[node.Stage] * (Height + RowGap)));
            }
        }
        return places;
    }

    private static string Way((int X, int Y) from, (int X, int Y) to)
    {
        var (x, y, toX, toY) = (from.X + Width, from.Y + (Height / 2), to.X, to.Y + (Height / 2));
        var bend = ColumnGap / 2;
        return to.X - from.X <= Width + ColumnGap
            ? $"M{x} {y} C{x + bend} {y} {toX - bend} {toY} {toX} {toY}"
            // Past the columns between, in the gap below the row where it begins.
            : $"M{x} {y} C{x + bend} {y} {x + bend - 5} {y + (Height / 2) + (RowGap / 2)} " +
            $"{x + ColumnGap} {y + (Height / 2) + (RowGap / 2)} L{toX - ColumnGap} {y + (Height / 2) + (RowGap / 2)} " +
            $"C{toX - bend} {y + (Height / 2) + (RowGap / 2)} {toX - bend} {toY} {toX} {toY}";
    }

    private static string Sentence(StageNode node) =>
        $"{node.Stage} is {StageGraph.WordOf(node.State)}{(node.Detail.Length == 0 ? "" : $": {node.Detail}")}" +
        $"{(node.Reads.Count == 0 ? "" : $"; it reads {string.Join(", ", node.Reads)}")}.";

    private static string Word(StageNode node) =>
        StageGraph.WordOf(node.State) + (node.Detail.Length == 0 ? "" : $": {node.Detail}");

    private static string ClassOf(StageState state) => state switch
    {
        StageState.Fresh => "fresh",
        StageState.Stale => "stale",
        StageState.Undecided => "undecided",
        StageState.Failed => "failed",
        StageState.NeverBuilt => "never",
        StageState.Effect => "effect",
        _ => throw new InvalidOperationException($"BUG: unknown state {state}."),
    };

    private static string Cut(string text) => text.Length <= LongestText ? text : $"{text[..(LongestText - 1)]}…";

    // A control character would make the file no XML.
    private static string Escaped(string text) =>
        WebUtility.HtmlEncode(string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)));
}
