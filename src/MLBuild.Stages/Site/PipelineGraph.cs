using System.Globalization;
using System.Text;
using MLBuild.Engine.Inspection;
using MLBuild.Learning.Contracts;

namespace MLBuild.Stages.Site;

/// <summary>Who reads whom, as an SVG picture in the page: each stage leads to its page and says its state by colour,
/// sign and word.</summary>
internal static class PipelineGraph
{
    private const int Width = 116;
    private const int Height = 52;
    private const int ColumnGap = 24;
    private const int RowGap = 14;
    private const int Margin = 4;
    private const int LongestName = 15;

    public static void Draw(PageText page, IReadOnlyList<SiteStage> stages)
    {
        if (stages.Count == 0)
        {
            page.Raw("<p>No stage has run yet.</p>\n");
            return;
        }
        var layout = GraphLayout.Of([.. stages.Select(stage => (stage.Name, stage.Reads))]);
        var width = (2 * Margin) + (layout.Columns * (Width + ColumnGap)) - ColumnGap;
        var height = (2 * Margin) + (layout.Rows * (Height + RowGap)) - RowGap;
        page.Raw("<div class=\"scroll picture\" role=\"region\" tabindex=\"0\" aria-label=\"Pipeline\">"
            + $"<svg class=\"graph\" viewBox=\"0 0 {N(width)} {N(height)}\" width=\"{N(width)}\" "
            + $"height=\"{N(height)}\" role=\"group\" aria-label=\"Pipeline: each stage is right of those it reads; "
            + "the same in words in the table below\">\n");
        foreach (var way in layout.Ways)
            page.Raw($"<path class=\"edge\" d=\"{Way(way)}\"/>\n");
        foreach (var stage in stages)
            Box(page, stage, layout.Places[stage.Name]);
        page.Raw("</svg></div>\n");
    }

    private static void Box(PageText page, SiteStage stage, GraphPlace place)
    {
        var (x, y) = (X(place), Y(place));
        var mark = SiteMark.Of(stage.State);
        var parts = stage.Current.Count();
        var took = new TimeSpan(stage.Current.Sum(work => work.Duration.Ticks));
        var detail = parts == 0 ? "no result"
            : parts == 1 ? Wording.Duration(took) : $"{Wording.Duration(took)}, {parts} parts";
        var name = stage.Name.Length <= LongestName ? stage.Name : $"{stage.Name[..(LongestName - 1)]}…";
        page.Raw("<a href=\"").Text(SitePages.OfStage(stage.Name)).Raw("\" aria-label=\"")
            .Text($"{stage.Name}: {mark.Word}, {detail}").Raw($"\"><g class=\"box {mark.Class}\">"
                + $"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{Width}\" height=\"{Height}\" rx=\"5\"/>"
                + $"<path d=\"M{N(x)} {N(y + 4)}v{Height - 8}\"/>"
                + $"<text class=\"name\" x=\"{N(x + 9)}\" y=\"{N(y + 16)}\">").Text(name)
            .Raw($"</text><text class=\"word\" x=\"{N(x + 9)}\" y=\"{N(y + 31)}\">").Text(mark.Text)
            .Raw($"</text><text x=\"{N(x + 9)}\" y=\"{N(y + 45)}\">").Text(detail).Raw("</text></g></a>\n");
    }

    // From side to side; through a gap straight on.
    private static string Way(IReadOnlyList<GraphPlace> way)
    {
        var path = new StringBuilder();
        path.Append(CultureInfo.InvariantCulture, $"M{N(X(way[0]) + Width)} {N(Middle(way[0]))}");
        foreach (var (i, place) in way.Index().Skip(1))
        {
            var (fromX, toX) = (X(way[i - 1]) + Width, X(place));
            var half = (fromX + toX) / 2;
            path.Append(CultureInfo.InvariantCulture,
                $"C{N(half)} {N(Middle(way[i - 1]))} {N(half)} {N(Middle(place))} {N(toX)} {N(Middle(place))}");
            if (i < way.Count - 1)
                path.Append(CultureInfo.InvariantCulture, $"H{N(toX + Width)}");
        }
        return path.ToString();
    }

    private static double X(GraphPlace place) => Margin + (place.Column * (Width + ColumnGap));

    private static double Y(GraphPlace place) => Margin + (place.Row * (Height + RowGap));

    private static double Middle(GraphPlace place) => Y(place) + (Height / 2.0);

    private static string N(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
