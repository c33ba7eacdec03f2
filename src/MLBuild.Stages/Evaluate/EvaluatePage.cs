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
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(380px,1fr));gap:14px}
        .plot{width:100%;height:auto}.plot text{fill:var(--soft);font-size:11px}.plot .m{text-anchor:middle}
        .plot .e{text-anchor:end}.plot .name{fill:var(--ink);font-size:12px}
        .grid{stroke:var(--line);fill:none}.rule{stroke:var(--mark);stroke-dasharray:4 3;fill:none}
        .whisker{stroke:var(--now);stroke-width:1.5;fill:none}.box{fill:var(--now);fill-opacity:.45}
        .point{fill:var(--now)}.champion{fill:none;stroke:var(--champion);stroke-width:2}
        .d0{fill:var(--now);fill-opacity:.16}.d1{fill:var(--now);fill-opacity:.34}.d2{fill:var(--now);fill-opacity:.54}
        .d3{fill:var(--now);fill-opacity:.76}.d4{fill:var(--now)}
        .interval{width:220px;height:16px}td b.bad{color:var(--bad)}td b.good{color:var(--good)}
        td b.early{color:var(--warn)}td.rule-text{white-space:normal}td b{white-space:nowrap}
        .key svg{display:inline-block;vertical-align:-3px;width:26px;height:16px;margin:0 4px 0 12px}

        """;

    public static string Render(EvaluateReport report, RegressionDiagnostics plots)
    {
        var page = new PageText();
        page.Raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
            + "content=\"width=device-width, initial-scale=1\">\n<title>");
        page.Text($"Evaluation: {Verdict(report.Gate)}");
        page.Raw($"</title>\n<style>{PageStyle.Text}{Style}</style>\n</head>\n<body>\n<main>\n");
        Headline(page, report);
        Rules(page, report.Gate);
        Plots(page, report, plots);
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
        Figure($"held-out rows", Figures.Count(overall.Metrics.Count));
        Figure($"RMSE{EvaluateCharts.In(report.Unit)}", Value(overall.Metrics.Rmse), Ends(overall.Intervals?.Rmse));
        Figure($"MAE{EvaluateCharts.In(report.Unit)}", Value(overall.Metrics.Mae), Ends(overall.Intervals?.Mae));
        Figure("R², no unit", Value(overall.Metrics.R2));
        Figure($"mean error{EvaluateCharts.In(report.Unit)}", Value(overall.Metrics.MeanError));
        Figure("within 10 % of the truth", Share(overall.Metrics.ShareWithinTenPercent));
        if (report.Baseline is { } baseline)
            Figure("RMSE of the training labels' mean", Value(baseline.Metrics.Rmse));
        if (overall.ChampionMetrics is { } champion)
            Figure($"RMSE of {report.Champion}, the champion", Value(champion.Rmse));
        if (report.BestEver is { Metrics: { } bestMetrics } of && of.Version != report.Champion)
            Figure($"RMSE of {of.Version}, the best ever", Value(bestMetrics.Rmse));
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

    private static void Plots(PageText page, EvaluateReport report, RegressionDiagnostics plots)
    {
        if (plots.ByPrediction.Count == 0)
            return;
        page.Raw("<section>\n<h2>Predictions and errors</h2>\n<div class=\"plots\">\n");
        Plot("Predicted against actual", () =>
            EvaluateCharts.Density(page, plots.PredictedAgainstActual, report.Unit),
            $"Darker squares have more rows, by powers of ten; the dashed line is where both are equal. "
            + $"{Figures.Count(plots.PredictedAgainstActual.Outside, "row")} beyond the axes.");
        Plot("Calibration", () => EvaluateCharts.Calibration(page, plots.ByPrediction, report.Unit),
            "Of rows with about the same prediction, the mean actual value with its 95 % interval. On the dashed line "
            + "the model is right on average.");
        Plot("Errors", () => EvaluateCharts.Errors(page, plots.Errors, report.Unit),
            $"Right of the dashed line too much was predicted. {Figures.Count(plots.Errors.Below, "row")} below and "
            + $"{Figures.Count(plots.Errors.Above)} above what is drawn.");
        Plot("Errors against predictions", () =>
            EvaluateCharts.ErrorsByPrediction(page, plots.ByPrediction, report.Unit),
            "Middle 90 % of the errors as a line, middle half as a box, median as a point, for rows with about the "
            + "same prediction.");
        page.Raw("</div>\n<details><summary>The numbers of calibration and errors</summary>\n<div class=\"scroll\">"
            + "<table>\n<thead><tr><th class=\"n\">rows</th><th class=\"n\">mean predicted</th><th class=\"n\">mean "
            + "actual</th><th class=\"n\">95 % interval</th><th class=\"n\">errors: 5 %</th><th class=\"n\">25 %</th>"
            + "<th class=\"n\">median</th><th class=\"n\">75 %</th><th class=\"n\">95 %</th></tr></thead>\n<tbody>\n");
        foreach (var bin in plots.ByPrediction)
        {
            page.Raw("<tr>");
            foreach (var cell in (string[])
            [
                Figures.Count(bin.Rows), EvaluateCharts.Short(bin.MeanPredicted), Value(bin.Actual.Mean),
                Ends(bin.Actual.Low, bin.Actual.High), .. bin.Errors.Select(EvaluateCharts.Short),
            ])
                page.Raw("<td class=\"n\">").Text(cell).Raw("</td>");
            page.Raw("</tr>\n");
        }
        page.Raw("</tbody></table></div></details>\n</section>\n");

        void Plot(string title, Action draw, string note)
        {
            page.Raw("<article>\n<h3>").Text(title).Raw("</h3>\n");
            draw();
            page.Raw("<p class=\"note\">").Sentence(note).Raw("</p>\n</article>\n");
        }
    }

    private static void Slices(
        PageText page, EvaluateReport report, string title, IReadOnlyList<SliceReport> slices, int most, bool isOpen)
    {
        if (slices.Count == 0)
            return;
        var shown = SliceReport.WeakestFirst(slices).Take(most).Prepend(report.Overall).ToArray();
        var scale = (0.0, shown.Max(slice =>
            Math.Max(Number(slice.Intervals?.Rmse.High) ?? 0, Math.Max(
                Number(slice.Metrics.Rmse) ?? 0, Number(slice.ChampionMetrics?.Rmse) ?? 0))));
        page.Raw("<section>\n<h2>").Text(title).Raw("</h2>\n");
        if (!isOpen)
            page.Raw("<details><summary>").Text(Figures.Count(slices.Count, "pair")).Raw("</summary>\n");
        page.Raw("<p class=\"key\">The weakest first.<svg viewBox=\"0 0 26 16\" aria-hidden=\"true\"><path "
            + "class=\"whisker\" d=\"M1 8H25M1 4v8M25 4v8\"/><circle class=\"point\" cx=\"13\" cy=\"8\" r=\"4\"/></svg>"
            + "RMSE with its 95 % interval");
        var withChampion = report.Overall.ChampionMetrics is not null;
        if (withChampion)
            page.Raw("<svg viewBox=\"0 0 26 16\" aria-hidden=\"true\"><path class=\"champion\" "
                + "d=\"M13 2l5 6l-5 6l-5 -6z\"/></svg>RMSE of the champion on the same rows");
        page.Raw("</p>\n<div class=\"scroll\"><table>\n<thead><tr><th>subgroup</th><th class=\"n\">rows</th>"
            + "<th class=\"n\">").Text($"RMSE{EvaluateCharts.In(report.Unit)}")
            .Raw("</th><th class=\"n\">95 % interval</th><th></th>")
            .Raw(withChampion ? "<th class=\"n\">champion</th>" : "")
            .Raw("<th class=\"n\">").Text($"MAE{EvaluateCharts.In(report.Unit)}")
            .Raw("</th><th class=\"n\">95 % interval</th></tr></thead>\n<tbody>\n");
        foreach (var slice in shown)
        {
            page.Raw(slice == report.Overall ? "<tr><td><b>" : "<tr><td>").Text(slice.Slice)
                .Raw(slice == report.Overall ? "</b></td>" : "</td>");
            Cell(Figures.Count(slice.Metrics.Count));
            Cell(Value(slice.Metrics.Rmse));
            Cell(Ends(slice.Intervals?.Rmse));
            page.Raw("<td>");
            if (Number(slice.Metrics.Rmse) is { } rmse)
                EvaluateCharts.Interval(page, rmse, Number(slice.Intervals?.Rmse.Low),
                    Number(slice.Intervals?.Rmse.High), Number(slice.ChampionMetrics?.Rmse), scale);
            page.Raw("</td>");
            if (withChampion)
                Cell(slice.ChampionMetrics is { } champion ? Value(champion.Rmse) : "–");
            Cell(Value(slice.Metrics.Mae));
            Cell(Ends(slice.Intervals?.Mae));
            page.Raw("</tr>\n");
        }
        page.Raw("</tbody></table></div>\n");
        More(page, slices.Count - most);
        page.Raw("<p class=\"note\">").Sentence(
            $"Intervals of up to {Figures.Count(RegressionAccumulator.MostBootstrapped)} rows are bootstrapped, of "
            + "more they are from the normal distribution; of fewer than "
            + $"{Bootstrap.LeastUnits} rows there is none.").Raw(isOpen ? "</p>\n" : "</p></details>\n");
        page.Raw("</section>\n");

        void Cell(string text) => page.Raw("<td class=\"n\">").Text(text).Raw("</td>");
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
            + "<p class=\"key\">Mean squared error, challenger minus champion on the same rows, as a share of the "
            + "champion's, with its two one-sided 95 % bounds. Left of the dashed line the challenger is better. "
            + "Subgroups with too few rows for a bound are left out.</p>\n<div class=\"scroll\"><table>\n<thead><tr>"
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
        if (Number(slice.ChampionMetrics?.Rmse) is not ({ } rmse and not 0)
            || Number(slice.Difference?.MeanDifference) is not { } mean
            || Number(slice.Difference?.StandardError) is not { } error)
            return null;
        var squared = rmse * rmse;
        return (mean / squared, (mean - (OneSided95 * error)) / squared, (mean + (OneSided95 * error)) / squared);
    }

    private static void Undeclared(PageText page, EvaluateReport report)
    {
        if (report.Subgroups is not SubgroupFindings.Tested { Worst.Count: > 0 } found)
            return;
        page.Raw("<section>\n<h2>Weakest subgroups that nobody declared</h2>\n<p class=\"key\">").Sentence(
            $"Of {Figures.Count(found.Searched, "subgroup")} that one feature makes, those whose error is larger than "
            + $"elsewhere by the most that is certain; {Figures.Count(found.Weak)} are weak for certain.")
            .Raw("</p>\n<div class=\"scroll\"><table>\n<thead><tr><th>subgroup</th><th class=\"n\">rows</th>"
                + "<th class=\"n\">").Text($"RMSE{EvaluateCharts.In(report.Unit)}")
            .Raw("</th><th class=\"n\">elsewhere</th><th class=\"n\">p-value, of all together</th></tr></thead>\n"
                + "<tbody>\n");
        foreach (var weak in found.Worst)
        {
            page.Raw("<tr><td>").Text(weak.Subgroup);
            foreach (var cell in (string[])
            [
                Figures.Count(weak.Rows), EvaluateCharts.Short(Math.Sqrt(weak.Error)),
                EvaluateCharts.Short(Math.Sqrt(weak.ErrorElsewhere)), EvaluateCharts.Short(weak.PValue),
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
            "By how much the RMSE rises when each row gets a feature's value of "
            + $"another row; the mean of {importance.Repetitions} repetitions, a line from the smallest to the largest "
            + $"of them. On {Figures.Count(importance.Rows, "row")} drawn with seed {importance.Seed}. Features that "
            + "come from one column move together where the pipeline says which.")
            .Raw("</p>\n<div class=\"scroll\"><table>\n<thead><tr><th>feature</th><th class=\"n\">").Text(
                $"rise of the RMSE{EvaluateCharts.In(report.Unit)}").Raw("</th><th></th><th>moves</th></tr></thead>\n"
                + "<tbody>\n");
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

    private static double? Number(MetricValue? value) => (value as MetricValue.Value)?.Number;

    private static string Value(MetricValue value) =>
        Number(value) is { } number ? EvaluateCharts.Short(number) : "missing";

    private static string Share(MetricValue value) =>
        Number(value) is { } number ? Figures.Percent(Math.Round(number, 4)) : "missing";

    private static string Percent(double share) => (share > 0 ? "+" : "") + Figures.Percent(Math.Round(share, 4));

    private static string Ends(MetricInterval? interval) =>
        interval is null ? "" : Ends(interval.Low, interval.High);

    private static string Ends(MetricValue low, MetricValue high) => (Number(low), Number(high)) is ({ } from, { } to)
        ? $"{EvaluateCharts.Short(from)} to {EvaluateCharts.Short(to)}"
        : "–";

    private static string Start(string hash) => hash.Length > 8 ? hash[..8] : hash;
}
