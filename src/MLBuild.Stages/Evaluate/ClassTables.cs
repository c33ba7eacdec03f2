using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>The tables of classes.</summary>
internal static class ClassTables
{
    private const int MostShown = 25;

    /// <summary>Which class is taken for which: the larger a share of the row's class, the darker the cell.</summary>
    public static void Confusion(PageText page, ConfusionMatrix matrix)
    {
        int[] shown = [.. Enumerable.Range(0, matrix.Classes.Count).OrderByDescending(i => matrix.Counts[i].Sum())
            .ThenBy(i => i).Take(MostShown).Order()];
        page.Raw("<h3>Which class is taken for which</h3>\n<p class=\"key\">Rows by what they are and what is "
            + "predicted; below each count its share of the rows of that class. The larger the share, the darker the "
            + "cell; right ones have a frame.</p>\n<div class=\"scroll\"><table class=\"confusion\">\n<thead><tr><th "
            + "scope=\"col\">is ╲ predicted</th>");
        foreach (var predicted in shown)
            page.Raw("<th scope=\"col\" class=\"n\">").Text(matrix.Classes[predicted]).Raw("</th>");
        page.Raw("<th scope=\"col\" class=\"n\">rows</th></tr></thead>\n<tbody>\n");
        foreach (var actual in shown)
        {
            var rows = matrix.Counts[actual].Sum();
            page.Raw("<tr><th scope=\"row\">").Text(matrix.Classes[actual]).Raw("</th>");
            foreach (var predicted in shown)
            {
                var count = matrix.Counts[actual][predicted];
                var share = rows == 0 ? 0 : (double)count / rows;
                page.Raw($"<td class=\"n h{(int)Math.Ceiling(share * 5)}{(actual == predicted ? " right" : "")}\">")
                    .Text(Figures.Count(count)).Raw("<br><small>")
                    .Text(rows == 0 ? "–" : EvaluateCharts.Percent(count, rows)).Raw("</small></td>");
            }
            page.Raw("<td class=\"n\">").Text(Figures.Count(rows)).Raw("</td></tr>\n");
        }
        page.Raw("</tbody></table></div>\n");
        if (matrix.Classes.Count > MostShown)
            page.Raw("<p class=\"note\">").Text($"The {MostShown} classes with most rows; the others are in the JSON "
                + "report.").Raw("</p>\n");
    }

    /// <summary>Each class against all others.</summary>
    public static void Classes(PageText page, IReadOnlyList<ClassReport> classes)
    {
        page.Raw("<h3>Each class against all others</h3>\n<div class=\"scroll\"><table>\n<thead><tr><th>class</th>"
            + "<th class=\"n\">rows</th>");
        foreach (var metric in classes[0].Metrics)
            page.Raw("<th class=\"n\">").Text(metric.Name).Raw("</th><th></th>");
        page.Raw("</tr></thead>\n<tbody>\n");
        foreach (var one in classes.OrderByDescending(one => one.Rows).ThenBy(one => one.Class, StringComparer.Ordinal)
            .Take(MostShown))
        {
            page.Raw("<tr><td>").Text(one.Class).Raw("</td><td class=\"n\">").Text(Figures.Count(one.Rows))
                .Raw("</td>");
            foreach (var metric in one.Metrics)
            {
                page.Raw("<td class=\"n\">").Text(MetricText.Value(metric)).Raw("<br><small>")
                    .Text(MetricText.Ends(metric)).Raw("</small></td><td>");
                if (MetricText.Number(metric.Value) is { } value)
                    EvaluateCharts.Interval(
                        page, value, MetricText.Number(metric.Interval?.Low), MetricText.Number(metric.Interval?.High),
                        other: null, scale: (0, 1));
                page.Raw("</td>");
            }
            page.Raw("</tr>\n");
        }
        page.Raw("</tbody></table></div>\n");
        if (classes.Count > MostShown)
            page.Raw("<p class=\"note\">").Text($"The {MostShown} classes with most rows; the others are in the JSON "
                + "report.").Raw("</p>\n");
    }
}
