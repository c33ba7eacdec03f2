using MLBuild.Learning.Contracts;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>The tables of subgroups: how the model does in each, and how it does beside the champion.</summary>
internal static class SliceTables
{
    private const int MostChanges = 60;
    private const double OneSided95 = 1.6448536269514722;

    public static void Metrics(
        PageText page, EvaluateReport report, string title, IReadOnlyList<SliceReport> slices, int most, bool isOpen)
    {
        if (slices.Count == 0)
            return;
        var shown = SliceReport.WeakestFirst(slices).Take(most).Prepend(report.Overall).ToArray();
        var scale = (0.0, shown.Max(slice => new[]
        {
            MetricText.Number(slice.Metrics.Headline.Interval?.High), MetricText.Number(slice.Metrics.Headline.Value),
            MetricText.Number(slice.ChampionMetrics?.Headline.Value),
        }.Max() ?? 0));
        var name = RowLoss.Of(report.Task).ShownName;
        page.Raw("<section>\n<h2>").Text(title).Raw("</h2>\n");
        if (!isOpen)
            page.Raw("<details><summary>").Text(Figures.Count(slices.Count, "pair")).Raw("</summary>\n");
        page.Raw("<p class=\"key\">The weakest first.<svg viewBox=\"0 0 26 16\" aria-hidden=\"true\"><path "
            + "class=\"whisker\" d=\"M1 8H25M1 4v8M25 4v8\"/><circle class=\"point\" cx=\"13\" cy=\"8\" r=\"4\"/>"
            + "</svg>")
            .Text($"{name} with its 95 % interval");
        var withChampion = report.Overall.ChampionMetrics is not null;
        if (withChampion)
            page.Raw("<svg viewBox=\"0 0 26 16\" aria-hidden=\"true\"><path class=\"champion\" "
                + "d=\"M13 2l5 6l-5 6l-5 -6z\"/></svg>").Text($"{name} of the champion on the same rows");
        page.Raw("</p>\n<div class=\"scroll\"><table>\n<thead><tr><th>subgroup</th><th class=\"n\">rows</th>"
            + "<th class=\"n\">").Text(MetricText.Name(report.Overall.Metrics.Headline, report.Unit))
            .Raw("</th><th></th>")
            .Raw(withChampion ? "<th class=\"n\">champion</th>" : "");
        // Those of the subgroups: of all rows there may be more.
        var others = slices[0].Metrics.Summary.Skip(1).ToArray();
        foreach (var metric in others)
            page.Raw("<th class=\"n\">").Text(MetricText.Name(metric, report.Unit)).Raw("</th>");
        page.Raw("</tr></thead>\n<tbody>\n");
        foreach (var slice in shown)
        {
            var headline = slice.Metrics.Headline;
            page.Raw(slice == report.Overall ? "<tr><td><b>" : "<tr><td>").Text(slice.Slice)
                .Raw(slice == report.Overall ? "</b></td>" : "</td>");
            Cell(Figures.Count(slice.Metrics.Count));
            Measured(headline);
            page.Raw("<td>");
            if (MetricText.Number(headline.Value) is { } value)
                EvaluateCharts.Interval(page, value, MetricText.Number(headline.Interval?.Low),
                    MetricText.Number(headline.Interval?.High),
                    MetricText.Number(slice.ChampionMetrics?.Headline.Value), scale);
            page.Raw("</td>");
            if (withChampion)
                Cell(slice.ChampionMetrics is { } champion ? MetricText.Value(champion.Headline) : "–");
            foreach (var metric in others.Select(other => slice.Metrics.Summary.Single(one => one.Id == other.Id)))
                Measured(metric);
            page.Raw("</tr>\n");
        }
        page.Raw("</tbody></table></div>\n");
        More(page, slices.Count - most);
        page.Raw("<p class=\"note\">").Sentence(
            $"Below each value its 95 % interval. Those of the {name} of up to "
            + $"{Figures.Count(RegressionAccumulator.MostBootstrapped)} rows are bootstrapped, of more they are from "
            + "the normal distribution; how the others were found is in the JSON report. Of fewer than "
            + $"{Bootstrap.LeastUnits} rows there are none but those of shares.")
            .Raw(isOpen ? "</p>\n" : "</p></details>\n");
        page.Raw("</section>\n");

        void Cell(string text) => page.Raw("<td class=\"n\">").Text(text).Raw("</td>");

        void Measured(NamedMetric metric) => page.Raw("<td class=\"n\">").Text(MetricText.Value(metric))
            .Raw("<br><small>").Text(MetricText.Ends(metric)).Raw("</small></td>");
    }

    public static void Changes(PageText page, EvaluateReport report)
    {
        // What is worse comes first. A few rows have no bound, and would spread the scale.
        var shown = report.Slices
            .Where(slice => slice.Metrics.Count >= NonInferiority.RowsForABound)
            .OrderByDescending(slice => Relative(slice)?.Mean ?? double.PositiveInfinity)
            .ThenBy(slice => slice.Slice, StringComparer.Ordinal).Take(MostChanges).Prepend(report.Overall)
            .Select(slice => (Slice: slice, Change: Relative(slice)))
            .Where(pair => pair.Change is not null)
            .Select(pair => (pair.Slice, Change: pair.Change!.Value))
            .ToArray();
        if (shown is [])
            return;
        var reach = shown.Max(pair => Math.Max(Math.Abs(pair.Change.Low), Math.Abs(pair.Change.High)));
        page.Raw("<section>\n<h2>").Text($"Challenger against {report.Champion}, the champion").Raw("</h2>\n"
            + "<p class=\"key\">").Sentence(
                $"{Capital(RowLoss.Of(report.Task).MeanName)}, challenger minus champion on the same rows, as a share "
                + "of the champion's, with its two one-sided 95 % bounds. Left of the dashed line the challenger is "
                + "better. Subgroups with too few rows for a bound are left out."
                + (report.Overall.Accuracy is { } accuracy
                    ? $" On all rows the challenger is {EvaluateText.Of(accuracy, report.Champion)}."
                    : ""))
            .Raw("</p>\n<div class=\"scroll\"><table>\n<thead><tr>"
            + "<th>subgroup</th><th class=\"n\">rows</th><th class=\"n\">change</th><th class=\"n\">bounds</th>"
            + "<th></th><th>for certain</th></tr></thead>\n<tbody>\n");
        foreach (var (slice, change) in shown)
        {
            page.Raw("<tr><td>").Text(slice.Slice).Raw("</td><td class=\"n\">")
                .Text(Figures.Count(slice.Metrics.Count)).Raw("</td><td class=\"n\">").Text(Percent(change.Mean))
                .Raw("</td><td class=\"n\">").Text($"{Percent(change.Low)} to {Percent(change.High)}")
                .Raw("</td><td>");
            EvaluateCharts.Interval(
                page, change.Mean, change.Low, change.High, other: null, (-reach, reach), rule: 0);
            page.Raw("</td><td>").Raw(change switch
            {
                { Low: > 0 } => "<b class=\"bad\">▲ worse</b>",
                { High: < 0 } => "<b class=\"good\">▼ better</b>",
                _ => "neither",
            }).Raw("</td></tr>\n");
        }
        page.Raw("</tbody></table></div>\n</section>\n");
    }

    private static (double Mean, double Low, double High)? Relative(SliceReport slice)
    {
        if (MetricText.Number(slice.ChampionMetrics?.Loss) is not ({ } loss and not 0)
            || MetricText.Number(slice.Difference?.MeanDifference) is not { } mean
            || MetricText.Number(slice.Difference?.StandardError) is not { } error)
            return null;
        return (mean / loss, (mean - (OneSided95 * error)) / loss, (mean + (OneSided95 * error)) / loss);
    }

    private static void More(PageText page, int more)
    {
        if (more > 0)
            page.Raw("<p class=\"note\">").Text($"and {Figures.Count(more)} more in the JSON report").Raw("</p>\n");
    }

    private static string Percent(double share) => (share > 0 ? "+" : "") + Figures.Percent(Math.Round(share, 4));

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
