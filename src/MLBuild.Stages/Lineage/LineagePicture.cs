using System.Globalization;
using System.Net;
using System.Text;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Lineage;

/// <summary>A lineage as an SVG picture, from the files at the left to the environments at the right. It needs no other
/// file, font or program.</summary>
public static class LineagePicture
{
    private const int Width = 180;
    private const int Height = 40;
    private const int ColumnGap = 40;
    private const int RowGap = 12;
    private const int Margin = 20;
    private const int LongestText = 26;

    /// <summary>Room below the boxes for what leads past one.</summary>
    private const int Below = 60;

    /// <summary>Partitions of one stage that get a box each; more of them share one.</summary>
    private const int MostPartitions = 40;

    // Colours by day are attributes, so that programs that know no style sheets draw them too.
    private const string Night =
        "@media(prefers-color-scheme:dark){[fill='#ffffff']{fill:#1c2126}[fill='#1f2933']{fill:#e4e7ea}" +
        "[fill='#52606d']{fill:#98a3ad}[fill='#f0f4f8']{fill:#2b333b}[fill='#d9e8f6']{fill:#20394f}" +
        "[fill='#d3f0dc']{fill:#1d4029}[fill='#fdf0c4']{fill:#453a17}}";

    /// <returns>The text of the picture, the same for the same lineage.</returns>
    public static string Svg(VersionLineage lineage)
    {
        var boxes = Boxes(lineage);
        var columns = boxes.Values.GroupBy(box => box.Column).OrderBy(column => column.Key).ToArray();
        var tallest = columns.Max(column => column.Count());
        var places = columns.SelectMany(column => column.Select((box, row) => (box.Id, Place: (
            X: Margin + (column.Key * (Width + ColumnGap)),
            // Each column is centred.
            Y: Margin + (((2 * row) + tallest - column.Count()) * (Height + RowGap) / 2)))))
            .ToDictionary(pair => pair.Id, pair => pair.Place);

        var svg = new StringBuilder();
        var width = (2 * Margin) + (columns.Length * (Width + ColumnGap)) - ColumnGap;
        var height = (2 * Margin) + (tallest * (Height + RowGap)) - RowGap + Below;
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" " +
            $"height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Line($"<title>{Escaped(lineage.Model)} version {lineage.Version}</title>");
        Line($"<style>{Night}</style>");
        Line($"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
        foreach (var box in boxes.Values)
        {
            foreach (var from in box.From)
                Line($"<path d=\"{Way(from, box.Id)}\" fill=\"none\" stroke=\"#9aa5b1\"/>");
        }
        foreach (var box in boxes.Values)
        {
            var (x, y) = places[box.Id];
            Line($"<g><title>{Escaped(box.Title)}</title><rect x=\"{x}\" y=\"{y}\" width=\"{Width}\" " +
                $"height=\"{Height}\" rx=\"4\" fill=\"{box.Fill}\" stroke=\"#52606d\"/>" +
                $"<text x=\"{x + 8}\" y=\"{y + 16}\" fill=\"#1f2933\">{Escaped(Cut(box.Name))}</text>" +
                $"<text x=\"{x + 8}\" y=\"{y + 32}\" fill=\"#52606d\">{Escaped(Cut(box.Detail))}</text></g>");
        }
        Line("</svg>");
        return svg.ToString();

        // To the next column from side to side; further, below what stands between.
        string Way(string from, string to)
        {
            var ((x, y), (toX, toY)) = (places[from], places[to]);
            var (right, middle, bottom) = (x + Width, (x + Width + toX) / 2, height - Margin);
            return boxes[to].Column - boxes[from].Column == 1
                ? $"M{right} {y + (Height / 2)} C{middle} {y + (Height / 2)} {middle} {toY + (Height / 2)} " +
                $"{toX} {toY + (Height / 2)}"
                : $"M{x + (Width / 2)} {y + Height} C{x + (Width / 2)} {bottom} {toX + (Width / 2)} {bottom} " +
                $"{toX + (Width / 2)} {toY + Height}";
        }

        void Line(string text) => svg.Append(text).Append('\n');
    }

    /// <param name="Title">What is shown when the pointer rests on it.</param>
    private sealed record Box(
        string Id, int Column, string Name, string Detail, string Title, string Fill, IReadOnlyList<string> From);

    // In the order in which they are drawn, each after those that lead to it.
    private static OrderedDictionary<string, Box> Boxes(VersionLineage lineage)
    {
        var boxes = new OrderedDictionary<string, Box>(StringComparer.Ordinal);
        var partitions = lineage.Units.CountBy(unit => unit.Unit.Split('/')[0])
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        foreach (var group in lineage.Units.GroupBy(unit => BoxOf(unit.Unit)))
        {
            var files = group.SelectMany(unit => unit.Files).Distinct().ToArray();
            LineageFile[][] shown = files.Length > MostPartitions ? [files] : [.. files.Select(file => new[] { file })];
            var from = new List<string>();
            foreach (var some in shown)
            {
                var id = $"file {group.Key} {some[0].Name}";
                var name = some is [var one] ? one.Name : Count(some.Length, "files");
                var detail = some is [var only] ? only.Hash[..8] : "";
                boxes[id] = new(id, 0, name, detail, Titles(some), "#f0f4f8", []);
                from.Add(id);
            }
            from.AddRange(group.SelectMany(unit => unit.Reads).Select(BoxOf).Distinct());
            var units = group.ToArray();
            boxes[group.Key] = new(
                group.Key, After(from), group.Key,
                units is [var single] ? $"recipe {single.Recipe[..8]}" : Count(units.Length, "partitions"),
                string.Join('\n', units.Select(unit => $"{unit.Unit}, recipe {unit.Recipe}")), "#d9e8f6", from);
        }

        var read = lineage.Units.SelectMany(unit => unit.Reads).ToHashSet(StringComparer.Ordinal);
        string[] last =
        [
            .. lineage.Units.Select(unit => unit.Unit)
                .Where(unit => unit == lineage.Maker || !read.Contains(unit)).Select(BoxOf).Distinct(),
        ];
        const string version = "version";
        boxes[version] = new(
            version, After(last), string.Create(CultureInfo.InvariantCulture, $"{lineage.Model} {lineage.Version}"),
            $"{lineage.ModelHash[..8]}, gate {lineage.Gate}", $"model {lineage.ModelHash}", "#d3f0dc", last);
        foreach (var (index, deployment) in lineage.Deployments.Index())
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"deployment {index}");
            boxes[id] = new(
                id, After([version]), deployment.Environment,
                $"{Day(deployment.FromUtc)} to {(deployment.ToUtc is { } end ? Day(end) : "now")}",
                $"{Moment.Text(deployment.FromUtc)}, by {deployment.Who}: {deployment.Why}", "#fdf0c4", [version]);
        }
        return boxes;

        string BoxOf(string unit) => partitions[unit.Split('/')[0]] > MostPartitions ? unit.Split('/')[0] : unit;

        int After(IEnumerable<string> before) => before.Select(id => boxes[id].Column + 1).DefaultIfEmpty(0).Max();
    }

    private static string Titles(IEnumerable<LineageFile> files) =>
        string.Join('\n', files.Select(file => $"{file.Name} {file.Hash}"));

    private static string Count(int count, string things) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {things}");

    private static string Cut(string text) => text.Length <= LongestText ? text : $"{text[..(LongestText - 1)]}…";

    private static string Day(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // A control character in a reason would make the file no XML.
    private static string Escaped(string text) =>
        WebUtility.HtmlEncode(string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? ' ' : c)));
}
