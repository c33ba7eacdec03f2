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
        td small{color:var(--soft)}.confusion{width:auto}.confusion th{vertical-align:middle}
        .confusion td{min-width:64px}
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
        SliceTables.Metrics(page, report, "Subgroups", report.Slices, MostSlices, isOpen: true);
        if (report.Slices.Any(slice => slice.ChampionMetrics is not null) || report.Overall.Difference is not null)
            SliceTables.Changes(page, report);
        SliceTables.Metrics(page, report, "Pairs of subgroups", report.Pairs, MostPairs, isOpen: false);
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

    /// <summary>What each rule found.</summary>
    public static void Rules(PageText page, GateReport gate)
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
        page.Raw("<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">outcome</th>"
            + "<th scope=\"col\">what was found</th></tr></thead>\n"
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
            + $"of them. On {Figures.Count(importance.Rows, "row")} drawn with seed {importance.Seed}. The slots "
            + "of a text move together, and so do other features of one column where the pipeline says which.")
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

    private static string Class(Outcome outcome) => outcome switch
    {
        Outcome.Pass => "good",
        Outcome.Inconclusive => "early",
        _ => "bad",
    };

    private static double? Number(MetricValue? value) => MetricText.Number(value);

    private static string Value(MetricValue value) =>
        Number(value) is { } number ? EvaluateCharts.Short(number) : "missing";

    private static string Start(string hash) => hash.Length > 8 ? hash[..8] : hash;
}
