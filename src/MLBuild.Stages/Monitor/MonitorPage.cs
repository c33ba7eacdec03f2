using MLBuild.Learning.Contracts;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Evaluate;

namespace MLBuild.Stages.Monitor;

/// <summary>All windows as one HTML page that needs nothing else: no network, no script, no other file. The same
/// reports give the same bytes.</summary>
internal static class MonitorPage
{
    private const int MostBins = 24;

    private const string Style =
        """

        :root{--champion:#c45a00}@media(prefers-color-scheme:dark){:root{--champion:#ffa24d}}
        header.early{border-color:var(--early);background:var(--card)}
        header.warn{border-color:var(--warn);background:var(--warnwash)}
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(380px,100%),1fr));gap:14px}
        .plot{width:100%;height:auto}.plot text{fill:var(--soft);font-size:11px}.plot .m{text-anchor:middle}
        .plot .e{text-anchor:end}.plot .name{fill:var(--ink);font-size:12px}
        .grid{stroke:var(--line);fill:none}.rule{stroke:var(--mark);stroke-dasharray:4 3;fill:none}
        .whisker{stroke:var(--now);stroke-width:1.5;fill:none}.point{fill:var(--now)}
        .course-line{stroke:var(--now);stroke-width:1.2;fill:none}
        .champion{fill:var(--card);stroke:var(--champion);stroke-width:2}
        td b.bad{color:var(--bad)}td b.good{color:var(--good)}td b.warn{color:var(--warn)}td b.early{color:var(--early)}
        td b{white-space:nowrap}td.why{white-space:normal;min-width:24em;font-size:13px}
        .key svg{display:inline-block;vertical-align:-3px;width:26px;height:16px;margin:0 4px 0 12px}
        article table{font-size:12px}article th,article td{padding:2px 5px}

        """;

    /// <param name="all">Every window, those judged before included, newest last.</param>
    /// <param name="profiles">Of features and predictions.</param>
    public static string Render(
        MonitorReport report, IReadOnlyList<WindowReport> all, IReadOnlyList<FeatureProfile> profiles)
    {
        var decisive = report.Windows[^1];
        var page = new PageText();
        page.Raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
            + "content=\"width=device-width, initial-scale=1\">\n<title>");
        page.Text($"Monitor: {MonitorText.Word(report.Verdict)}");
        page.Raw($"</title>\n<style>{PageStyle.Text}{Style}</style>\n</head>\n<body>\n<main>\n");
        Headline(page, decisive);
        OverTime(page, decisive, all);
        Windows(page, all);
        Features(page, decisive, all, profiles);
        Quality(page, decisive);
        page.Raw("</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void Headline(PageText page, WindowReport decisive)
    {
        var performance = decisive.Performance;
        page.Raw($"<header class=\"{Class(decisive.Verdict)}\">\n<h1>").Text(decisive.Verdict switch
        {
            WindowVerdict.Fine => $"{decisive.Window.Name} is fine",
            WindowVerdict.Drift => $"{decisive.Window.Name} has drifted",
            WindowVerdict.Degraded => $"Predictions are worse in {decisive.Window.Name}",
            WindowVerdict.BadData => $"The data of {decisive.Window.Name} is bad",
            _ => $"There is not enough data of {decisive.Window.Name} to say",
        }).Raw("</h1>\n<p>").Text($"the window that decides, judged against version {decisive.Version}").Raw("</p>\n"
            + "<dl class=\"figures\">\n");
        Figure("rows that satisfy the contract", Figures.Count(decisive.Rows));
        Figure("rows whose label has arrived", Figures.Percent(Math.Round(performance.Coverage, 4)));
        Figure($"{performance.Error}, measured", Value(performance.Measured.Mean), Ends(performance.Measured));
        Figure($"{performance.Error}, estimated without labels", Value(performance.Estimated.Mean),
            Ends(performance.Estimated));
        Figure($"{performance.Error} on held-out rows", Value(performance.Reference.Mean), Ends(performance.Reference));
        page.Raw("</dl>\n</header>\n");
        if (decisive.Findings.Count > 0)
        {
            page.Raw("<section>\n<h2>Why</h2>\n<ul class=\"checks\">\n");
            var item = decisive.Raised.Count > 0 ? "<li>" : "<li class=\"warn\">";
            foreach (var finding in decisive.Findings)
                page.Raw(item).Sentence(finding).Raw("</li>\n");
            page.Raw("</ul>\n</section>\n");
        }

        void Figure(string name, string value, string ends = "") =>
            page.Raw("<div><dd>").Text(value).Raw("</dd><dt>").Text(name).Raw(ends == "" ? "" : "<br>").Text(ends)
                .Raw("</dt></div>\n");
    }

    /// <summary>Each number over windows.</summary>
    public static void OverTime(PageText page, WindowReport decisive, IReadOnlyList<WindowReport> all)
    {
        string[] names = [.. all.Select(window => window.Window.Name)];
        page.Raw("<section>\n<h2>Over time</h2>\n<p class=\"key\"><svg viewBox=\"0 0 26 16\" aria-hidden=\"true\">"
            + "<path class=\"whisker\" d=\"M13 1V15M9 1h8M9 15h8\"/>"
            + "<circle class=\"point\" cx=\"13\" cy=\"8\" r=\"3.5\"/></svg>measured, with its 95 % interval"
            + "<svg viewBox=\"0 0 26 16\" aria-hidden=\"true\">"
            + "<path class=\"champion\" d=\"M13 3l4 5l-4 5l-4 -5z\"/></svg>estimated without labels</p>\n"
            + "<div class=\"plots\">\n");
        // Where older files are judged after newer ones, the last of all was judged before, maybe of another version.
        var (name, performance) = (decisive.Window.Name, decisive.Performance);
        Plot(performance.Error, new(
            $"{performance.Error} over {names.Length} windows; in {name} {Value(performance.Measured.Mean)}, on "
            + $"held-out rows {Value(performance.Reference.Mean)}.",
            performance.Error, names, [.. all.Select(window => Point(window.Performance.Measured))],
            [.. all.Select(window => Point(window.Performance.Estimated))],
            Number(performance.Reference.Mean) is { } held ? [(held, "held-out rows")] : []));
        foreach (var metric in decisive.Metrics)
        {
            var values = all.Select(window => window.Metrics.FirstOrDefault(one => one.Name == metric.Name)).ToArray();
            Plot(metric.Name, new(
                $"{metric.Name} over {names.Length} windows; in {name} {Value(metric.Value.Mean)}.",
                metric.Unit == "" ? "share of rows" : metric.Unit, names,
                [.. values.Select(value => value is null ? default : Point(value.Value))], [],
                [
                    .. Number(metric.Reference) is { } of ? [(of, "held-out rows")] : Array.Empty<(double, string)>(),
                    .. metric.Min is { } min ? [(min, "at least")] : Array.Empty<(double, string)>(),
                    .. metric.Max is { } max ? [(max, "at most")] : Array.Empty<(double, string)>(),
                ]));
        }
        Plot("Features that drift", new(
            $"How many features and predictions drift, over {names.Length} windows.", "features", names,
            [.. all.Select(window => new TimelinePoint(
                window.Drift.Features.Count(feature => feature.Verdict == DriftVerdict.Drift), null, null))],
            [], []));
        page.Raw("</div>\n</section>\n");

        void Plot(string title, Timeline timeline)
        {
            page.Raw("<article>\n<h3>").Text(title).Raw("</h3>\n");
            MonitorCharts.Draw(page, timeline, 460, 230);
            page.Raw("</article>\n");
        }
    }

    /// <summary>A line for each window, newest first.</summary>
    public static void Windows(PageText page, IReadOnlyList<WindowReport> all)
    {
        page.Raw("<section>\n<h2>Windows</h2>\n<div class=\"scroll\"><table>\n<thead><tr>");
        foreach (var name in (string[])["window", "verdict"])
            page.Raw($"<th scope=\"col\">{name}</th>");
        foreach (var name in (string[])["version", "rows", "labels", "measured", "estimated"])
            page.Raw($"<th scope=\"col\" class=\"n\">{name}</th>");
        page.Raw("<th scope=\"col\">why</th></tr></thead>\n<tbody>\n");
        foreach (var window in all.Reverse())
        {
            var words = window.Raised.Count == 0
                ? MonitorText.Word(window.Verdict)
                : string.Join(", ", window.Raised.Reverse().Select(MonitorText.Word));
            page.Raw("<tr><td>").Text(window.Window.Name).Raw($"</td><td><b class=\"{Class(window.Verdict)}\">")
                .Text($"{Sign(window.Verdict)} {words}").Raw("</b></td>");
            foreach (var cell in (string[])
            [
                $"{window.Version}", Figures.Count(window.Rows),
                Figures.Percent(Math.Round(window.Performance.Coverage, 3)), Value(window.Performance.Measured.Mean),
                Value(window.Performance.Estimated.Mean),
            ])
                page.Raw("<td class=\"n\">").Text(cell).Raw("</td>");
            page.Raw("<td class=\"why\">");
            if (window.Findings.Count > 0)
            {
                page.Sentence(window.Findings[0]);
                if (window.Findings.Count - 1 is > 0 and var more)
                {
                    page.Raw("<details><summary>").Text($"and {Figures.Count(more)} more").Raw("</summary><ul>");
                    foreach (var finding in window.Findings.Skip(1))
                        page.Raw("<li>").Sentence(finding).Raw("</li>");
                    page.Raw("</ul></details>");
                }
            }
            page.Raw("</td></tr>\n");
        }
        page.Raw("</tbody></table></div>\n</section>\n");
    }

    private static void Features(
        PageText page, WindowReport decisive, IReadOnlyList<WindowReport> all, IReadOnlyList<FeatureProfile> profiles)
    {
        page.Raw("<section>\n<h2>").Text($"Features and predictions in {decisive.Window.Name}").Raw("</h2>\n"
            + "<p class=\"key\"><i></i>this window<i class=\"past\"></i>what the model learned from. Bins are "
            + "quantiles, or categories with the most frequent first. Below, the index over time: dashed is from "
            + "where on it matters.</p>\n<div class=\"cards\">\n");
        foreach (var feature in decisive.Drift.Features.OrderBy(feature => feature.Verdict switch
        {
            DriftVerdict.Drift => 0,
            DriftVerdict.NotEnoughData => 1,
            _ => 2,
        }))
            Feature(page, feature, decisive, all, profiles.First(profile => profile.Name == feature.Name));
        page.Raw("</div>\n</section>\n");
    }

    private static void Feature(
        PageText page, FeatureDrift feature, WindowReport decisive, IReadOnlyList<WindowReport> all,
        FeatureProfile profile)
    {
        page.Raw($"<article{(feature.Verdict == DriftVerdict.Drift ? " class=\"bad\"" : "")}>\n<h3>")
            .Text(feature.ShownName).Raw(" <small>").Text(feature.Verdict switch
            {
                DriftVerdict.Drift => "✗ drifts",
                DriftVerdict.NotEnoughData => "? not enough data",
                DriftVerdict.Expected => "– expected to move",
                _ => "✓ no drift",
            }).Raw("</small></h3>\n");
        if (feature is not FeatureDrift.Measured measured)
        {
            page.Raw("<p>").Sentence(feature.Sentence()).Raw("</p>\n</article>\n");
            return;
        }
        var (n, m) = ((double)measured.ReferenceRows, (double)measured.CurrentRows);
        // Of hundreds of categories the most frequent are drawn; those that are null or new always.
        var bins = Enumerable.Range(0, profile.BinCounts.Length).Where(bin =>
            bin < MostBins - 2 || bin >= profile.BinCounts.Length - 2).ToArray();
        MonitorCharts.Bins(
            page, [.. bins.Select(bin => profile.BinCounts[bin] / n)],
            [.. bins.Select(bin => measured.Counts[bin] / m)],
            $"Shares of rows in {bins.Length} bins of {feature.ShownName}; most moved: {measured.LargestMove}.");
        page.Raw("<p>").Sentence($"most moved: {measured.LargestMove}").Raw("</p>\n");
        if (measured.ExpectedBecause is { } because)
            page.Raw("<p>").Sentence($"expected: {because}").Raw("</p>\n");
        if (measured.NewCategories.Length > 0)
            page.Raw("<p class=\"warn\">").Sentence("new: " + string.Join(", ", measured.NewCategories
                .Select(one => $"{one.Category} ({Figures.Count(one.Rows, "row")})"))).Raw("</p>\n");
        if (all.Count > 1)
        {
            var course = all.Select(window => window.Drift.Features.OfType<FeatureDrift.Measured>()
                .FirstOrDefault(one => one.Name == feature.Name)).ToArray();
            MonitorCharts.Draw(page, new(
                $"Population stability index of {feature.ShownName} over {all.Count} windows, less what chance gives; "
                + $"in {decisive.Window.Name} {EvaluateCharts.Short(measured.Psi.EffectSize)}.",
                "PSI less chance", [.. all.Select(window => window.Window.Name)],
                [.. course.Select(one => new TimelinePoint(one?.Psi.EffectSize, null, null))], [],
                [(decisive.Drift.Options.MinPsi, "")]), 460, 130);
        }
        page.Raw("<details><summary>").Text($"n={Figures.Count(measured.ReferenceRows)}, "
            + $"m={Figures.Count(measured.CurrentRows)}, {measured.Bins} of {measured.BinsBeforePooling} bins")
            .Raw("</summary>\n<table><thead><tr><th>statistic</th><th class=\"n\">value</th><th class=\"n\">chance, "
                + "95 %</th><th class=\"n\">effect</th></tr></thead><tbody>\n");
        foreach (var statistic in measured.Statistics)
            page.Raw("<tr><td title=\"").Sentence($"{statistic.Definition}. Effect: {statistic.EffectSizeIs}.")
                .Raw("\">").Text(Name(statistic.Measure)).Raw("</td><td class=\"n\">")
                .Text(EvaluateCharts.Short(statistic.Value)).Raw("</td><td class=\"n\">")
                .Text(EvaluateCharts.Short(statistic.Chance95)).Raw("</td><td class=\"n\">")
                .Text(EvaluateCharts.Short(statistic.EffectSize)).Raw("</td></tr>\n");
        page.Raw("</tbody></table>\n<p class=\"note\">").Sentence(FormattableString.Invariant(
            $"p adjusted for all features {measured.AdjustedPValue:G2}. Definitions are in the JSON report."))
            .Raw("</p></details>\n</article>\n");
    }

    private static void Quality(PageText page, WindowReport decisive)
    {
        page.Raw("<section>\n<h2>Data quality</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th>rule</th>"
            + "<th class=\"n\">rows that break it</th><th class=\"n\">share</th><th class=\"n\">in training</th>"
            + "<th class=\"n\">limit</th><th></th></tr></thead>\n<tbody>\n");
        foreach (var rule in decisive.Quality.Rules.OrderByDescending(rule => rule.IsBroken))
        {
            page.Raw("<tr><td>").Text(rule.Rule).Raw("</td>");
            foreach (var cell in (string[])
            [
                Figures.Count(rule.Rows), Figures.Percent(Math.Round(rule.Share, 6)),
                rule.TrainingShare is { } before ? Figures.Percent(Math.Round(before, 6)) : "–",
                Figures.Percent(rule.Tolerance),
            ])
                page.Raw("<td class=\"n\">").Text(cell).Raw("</td>");
            page.Raw("<td>").Raw((rule.IsBroken, rule.Severity) switch
            {
                (true, Severity.Fail) => "<b class=\"bad\">✗ too many</b>",
                (true, _) => "<b class=\"warn\">! warning</b>",
                _ => "<b class=\"good\">✓</b>",
            }).Raw("</td></tr>\n");
        }
        page.Raw("</tbody></table></div>\n<p class=\"note\">").Sentence(
            $"{Figures.Percent(Math.Round(decisive.Quality.QuarantinedShare, 6))} of the lines could not be read. A "
            + "rule is broken when more rows than its limit break it by more than chance.").Raw("</p>\n</section>\n");
    }

    private static string Name(DriftMeasure measure) => measure switch
    {
        DriftMeasure.Psi => "PSI",
        DriftMeasure.ChiSquare => "chi-square",
        DriftMeasure.JensenShannon => "Jensen–Shannon",
        DriftMeasure.KolmogorovSmirnov => "Kolmogorov–Smirnov",
        DriftMeasure.Wasserstein => "Wasserstein",
        _ => throw new InvalidOperationException($"BUG: unknown measure {measure}."),
    };

    private static string Class(WindowVerdict verdict) => verdict switch
    {
        WindowVerdict.Fine => "good",
        WindowVerdict.Drift => "warn",
        WindowVerdict.NotEnoughData => "early",
        _ => "bad",
    };

    private static string Sign(WindowVerdict verdict) => verdict switch
    {
        WindowVerdict.Fine => "✓",
        WindowVerdict.Drift => "△",
        WindowVerdict.NotEnoughData => "?",
        _ => "✗",
    };

    private static TimelinePoint Point(MeanAndEnds mean) => new(Number(mean.Mean), Number(mean.Low), Number(mean.High));

    private static double? Number(MetricValue value) => (value as MetricValue.Value)?.Number;

    private static string Value(MetricValue value) =>
        Number(value) is { } number ? EvaluateCharts.Short(number) : "missing";

    private static string Ends(MeanAndEnds mean) => (Number(mean.Low), Number(mean.High)) is ({ } low, { } high)
        ? $"{EvaluateCharts.Short(low)} to {EvaluateCharts.Short(high)}"
        : "";
}
