using MLBuild.Learning.Contracts;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>The evaluation as one HTML page that needs nothing else: no network, no script, no other file. The same
/// report gives the same bytes.</summary>
internal static class EvaluatePage
{
    private const int MostSlices = 60;
    private const int MostPairs = 40;
    private const double OneSided95 = 1.6448536269514722;

    private const string Style =
        """

        :root{--champion:#c45a00}@media(prefers-color-scheme:dark){:root{--champion:#ffa24d}}
        header.early{border-color:var(--warn);background:var(--warnwash)}
        .plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(380px,100%),1fr));gap:14px}
        .plot{width:100%;height:auto}.plot text{fill:var(--soft);font-size:11px}.plot .m{text-anchor:middle}
        .plot .e{text-anchor:end}.plot .name{fill:var(--ink);font-size:12px}
        .grid{stroke:var(--line);fill:none}.rule{stroke:var(--mark);stroke-dasharray:4 3;fill:none}
        .whisker{stroke:var(--now);stroke-width:1.5;fill:none}.box{fill:var(--now);fill-opacity:.45}
        .point{fill:var(--now)}.champion{fill:none;stroke:var(--champion);stroke-width:2}
        .d0{fill:var(--now);fill-opacity:.16}.d1{fill:var(--now);fill-opacity:.34}.d2{fill:var(--now);fill-opacity:.54}
        .d3{fill:var(--now);fill-opacity:.76}.d4{fill:var(--now)}
        .interval{width:170px;height:16px}td b.bad{color:var(--bad)}td b.good{color:var(--good)}
        td b.early{color:var(--warn)}td.rule-text{white-space:normal}td b{white-space:nowrap}
        .curve{stroke:var(--now);stroke-width:2;fill:none}.champion-curve{stroke:var(--champion);stroke-dasharray:7 4}
        .chance{stroke:var(--soft);stroke-dasharray:1 4;fill:none}
        .outline{stroke:var(--champion);stroke-width:1.8;fill:none}
        td small{color:var(--soft)}.confusion{width:auto}.confusion th{vertical-align:middle}.confusion td{min-width:64px}
        .confusion th[scope=row]{color:var(--soft)}.h1{--heat:10%}.h2{--heat:20%}.h3{--heat:30%}.h4{--heat:42%}
        .h5{--heat:55%}.confusion td{background:color-mix(in srgb,var(--now) var(--heat,0%),transparent)}
        .confusion td[class^="n h"] small{color:inherit}.right{box-shadow:inset 0 0 0 2px var(--now)}
        section>h3{margin:18px 0 6px}section>.scroll+.plots,section>.plots+h3{margin-top:16px}
        .key svg{display:inline-block;vertical-align:-3px;width:26px;height:16px;margin:0 4px 0 12px}

        """;

    public static string Render(EvaluateReport report, TaskFigures figures)
    {
        var page = new PageText();
        page.Raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
            + "content=\"width=device-width, initial-scale=1\">\n<title>");
        page.Text($"Evaluation: {Verdict(report.Gate)}");
        page.Raw($"</title>\n<style>{PageStyle.Text}{Style}</style>\n</head>\n<body>\n<main>\n");
        Headline(page, report);
        Rules(page, report.Gate);
        figures.Render(page, report);
        Slices(page, report, "Subgroups", report.Slices, MostSlices, isOpen: true);
        if (report.Slices.Any(slice => slice.ChampionMetrics is not null) || report.Overall.Difference is not null)
            Champion(page, report);
        Slices(page, report, "Pairs of subgroups", report.Pairs, MostPairs, isOpen: false);
        Undeclared(page, report);
        Importance(page, report);
        page.Raw("</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static string Verdict(GateReport gate) => gate.Overall switch
    {
        Outcome.Pass => "gate passed",
        Outcome.Inconclusive => "gate is inconclusive",
        _ => "gate failed",
    };

    private static void Headline(PageText page, EvaluateReport report)
    {
        var overall = report.Overall;
        page.Raw($"<header class=\"{Class(report.Gate.Overall)}\">\n<h1>").Text(report.Gate.Overall switch
        {
            Outcome.Pass => "The model passes its gate",
            Outcome.Inconclusive => "Whether the model passes its gate is not known",
            _ => "The model fails its gate",
        }).Raw("</h1>\n<p>").Text($"model {Start(report.Model)}, for {report.Environment}. ")
            .Sentence(report.Comparison);
        if (report.BestEver is { Served: > 0 } best)
            page.Raw(" ").Sentence(best.Comparison);
        page.Raw("</p>\n<dl class=\"figures\">\n");
        Figure("held-out rows", Figures.Count(overall.Metrics.Count));
        foreach (var metric in overall.Metrics.All)
            Figure(MetricText.Name(metric, report.Unit), MetricText.Value(metric), MetricText.Ends(metric));
        var headline = MetricText.Name(overall.Metrics.Headline, report.Unit);
        if (report.Baseline is { } baseline)
            Figure($"{headline}, of {baseline.Prediction}", MetricText.Value(baseline.Metrics.Headline));
        if (overall.ChampionMetrics is { } champion)
            Figure($"{headline}, of {report.Champion}, the champion", MetricText.Value(champion.Headline));
        if (report.BestEver is { Metrics: { } bestMetrics } of && of.Version != report.Champion)
            Figure($"{headline}, of {of.Version}, the best ever", MetricText.Value(bestMetrics.Headline));
        page.Raw("</dl>\n</header>\n");

        void Figure(string name, string value, string ends = "") =>
            page.Raw("<div><dd>").Text(value).Raw("</dd><dt>").Text(name).Raw(ends == "" ? "" : "<br>").Text(ends)
                .Raw("</dt></div>\n");
    }

    private static void Rules(PageText page, GateReport gate)
    {
        // What stops the model comes first; that many subgroups pass is a detail.
        var details = gate.Results.Where(result => result.Outcome is Outcome.Pass && result.Slice != Slice.Overall.Name)
            .ToArray();
        page.Raw("<section>\n<h2>Rules of the gate</h2>\n");
        Rules(page, gate.Results.Except(details).OrderBy(result => result.Outcome switch
        {
            Outcome.Fail => 0,
            Outcome.Inconclusive => 1,
            _ => 2,
        }));
        if (details.Length > 0)
        {
            page.Raw("<details><summary>").Text($"{Figures.Count(details.Length, "rule")} about subgroups, all passed")
                .Raw("</summary>\n");
            Rules(page, details);
            page.Raw("</details>\n");
        }
        page.Raw("</section>\n");
    }

    private static void Rules(PageText page, IEnumerable<RuleResult> results)
    {
        page.Raw("<div class=\"scroll\"><table>\n<thead><tr><th>outcome</th><th>what was found</th></tr></thead>\n"
            + "<tbody>\n");
        foreach (var result in results)
        {
            page.Raw($"<tr><td><b class=\"{Class(result.Outcome)}\">").Text(result.Outcome switch
            {
                Outcome.Pass => "✓ pass",
                Outcome.Inconclusive => "? inconclusive",
                _ => "✗ fail",
            }).Raw("</b></td><td class=\"rule-text\">").Sentence(result.Sentence).Raw("</td></tr>\n");
        }
        page.Raw("</tbody></table></div>\n");
    }

    private static void Slices(
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
            $"Below each value its 95 % interval. Intervals of the {name} of up to {Figures.Count(RegressionAccumulator.MostBootstrapped)} rows are "
            + "bootstrapped, of more they are from the normal distribution; how the others were found is in the JSON "
            + $"report. Of fewer than {Bootstrap.LeastUnits} rows there are none but those of shares.")
            .Raw(isOpen ? "</p>\n" : "</p></details>\n");
        page.Raw("</section>\n");

        void Cell(string text) => page.Raw("<td class=\"n\">").Text(text).Raw("</td>");

        void Measured(NamedMetric metric) => page.Raw("<td class=\"n\">").Text(MetricText.Value(metric))
            .Raw("<br><small>").Text(MetricText.Ends(metric)).Raw("</small></td>");
    }

    private static void Champion(PageText page, EvaluateReport report)
    {
        // What is worse comes first. A few rows have no bound, and would spread the scale.
        var shown = report.Slices
            .Where(slice => slice.Metrics.Count >= NonInferiority.RowsForABound)
            .OrderByDescending(slice => Relative(slice)?.Mean ?? double.PositiveInfinity)
            .ThenBy(slice => slice.Slice, StringComparer.Ordinal).Take(MostSlices).Prepend(report.Overall)
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

    private static void Undeclared(PageText page, EvaluateReport report)
    {
        if (report.Subgroups is not SubgroupFindings.Tested { Worst.Count: > 0 } found)
            return;
        var loss = RowLoss.Of(report.Task);
        page.Raw("<section>\n<h2>Weakest subgroups that nobody declared</h2>\n<p class=\"key\">").Sentence(
            $"Of {Figures.Count(found.Searched, "subgroup")} that one feature makes, those whose error is larger than "
            + $"elsewhere by the most that is certain; {Figures.Count(found.Weak)} are weak for certain.")
            .Raw("</p>\n<div class=\"scroll\"><table>\n<thead><tr><th>subgroup</th><th class=\"n\">rows</th>"
                + "<th class=\"n\">").Text(MetricText.Name(report.Overall.Metrics.Headline, report.Unit))
            .Raw("</th><th class=\"n\">elsewhere</th><th class=\"n\">p-value, of all together</th></tr></thead>\n"
                + "<tbody>\n");
        foreach (var weak in found.Worst)
        {
            page.Raw("<tr><td>").Text(weak.Subgroup);
            foreach (var cell in (string[])
            [
                Figures.Count(weak.Rows), EvaluateCharts.Short(loss.Shown(weak.Error)),
                EvaluateCharts.Short(loss.Shown(weak.ErrorElsewhere)), EvaluateCharts.Short(weak.PValue),
            ])
                page.Raw("</td><td class=\"n\">").Text(cell);
            page.Raw("</td></tr>\n");
        }
        page.Raw("</tbody></table></div>\n</section>\n");
    }

    private static void Importance(PageText page, EvaluateReport report)
    {
        if (report.Importance is not { Features.Count: > 0 } importance)
            return;
        var most = importance.Features.Max(feature => Number(feature.Most) ?? 0);
        page.Raw("<section>\n<h2>What the model needs</h2>\n<p class=\"key\">").Sentence(
            $"By how much the {RowLoss.Of(report.Task).ShownName} rises when each row gets a feature's value of "
            + $"another row; the mean of {importance.Repetitions} repetitions, a line from the smallest to the largest "
            + $"of them. On {Figures.Count(importance.Rows, "row")} drawn with seed {importance.Seed}. Features that "
            + "come from one column move together where the pipeline says which.")
            .Raw("</p>\n<div class=\"scroll\"><table>\n<thead><tr><th>feature</th><th class=\"n\">").Text(
                $"rise of the {MetricText.Name(report.Overall.Metrics.Headline, report.Unit)}")
            .Raw("</th><th></th><th>moves</th></tr></thead>\n<tbody>\n");
        foreach (var feature in importance.Features)
        {
            page.Raw("<tr><td>").Text(feature.Name).Raw("</td><td class=\"n\">").Text(Value(feature.Rise))
                .Raw("</td><td>");
            if ((Number(feature.Rise), Number(feature.Least), Number(feature.Most)) is ({ } rise, { } low, { } high))
                EvaluateCharts.Bar(page, rise, low, high, most);
            page.Raw("</td><td>").Text(
                feature.Features is [var only] && only == feature.Name ? "alone" : string.Join(", ", feature.Features))
                .Raw("</td></tr>\n");
        }
        page.Raw("</tbody></table></div>\n</section>\n");
    }

    private static void More(PageText page, int more)
    {
        if (more > 0)
            page.Raw("<p class=\"note\">").Text($"and {Figures.Count(more)} more in the JSON report").Raw("</p>\n");
    }

    private static string Class(Outcome outcome) => outcome switch
    {
        Outcome.Pass => "good",
        Outcome.Inconclusive => "early",
        _ => "bad",
    };

    private static double? Number(MetricValue? value) => MetricText.Number(value);

    private static string Value(MetricValue value) =>
        Number(value) is { } number ? EvaluateCharts.Short(number) : "missing";

    private static string Percent(double share) => (share > 0 ? "+" : "") + Figures.Percent(Math.Round(share, 4));

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Start(string hash) => hash.Length > 8 ? hash[..8] : hash;
}
