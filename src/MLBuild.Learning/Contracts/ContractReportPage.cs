namespace MLBuild.Learning.Contracts;

/// <summary>The report as one HTML page that needs nothing else: no network, no script, no other file. The same report
/// gives the same bytes.</summary>
public static class ContractReportPage
{
    private const int MostFiles = 60;
    private const int MostChecks = 200;

    /// <param name="history">The accepted files of earlier runs, as the check had them.</param>
    public static string Render(ContractReport report, ContractHistory? history = null)
    {
        var page = new PageText();
        var focus = Focus(report);
        var before = focus is null ? [] : Before(report, focus, history ?? ContractHistory.Empty);
        page.Raw($"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
            + $"content=\"width=device-width, initial-scale=1\">\n<title>");
        page.Text($"Data contract of {report.RowType}: {(report.Passed ? "kept" : "broken")}");
        page.Raw($"</title>\n<style>{PageStyle.Text}</style>\n</head>\n<body>\n<main>\n");
        Headline(page, report);
        Broken(page, report);
        Files(page, report, focus);
        Columns(page, report, focus, before);
        WorstRows(page, report);
        AllChecks(page, report, focus);
        page.Raw("</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    /// <summary>The columns of the file that matters most, as part of another page.</summary>
    public static void Columns(PageText page, ContractReport report)
    {
        var focus = Focus(report);
        Columns(page, report, focus, focus is null ? [] : Before(report, focus, ContractHistory.Empty));
    }

    // The first that is broken; else the last.
    private static FileReport? Focus(ContractReport report) =>
        report.Files.FirstOrDefault(file => file.Faults.Count > 0)
        ?? (report.Files.Count > 0 ? report.Files[^1] : null);

    private static BatchRecord[] Before(ContractReport report, FileReport focus, ContractHistory history) =>
    [
        .. history.Without(report.Files.Select(file => file.Record())).Batches
            .Concat(report.Files.Where(file => file.Faults.Count == 0).Select(file => file.Record()))
            .Where(batch => string.CompareOrdinal(batch.Name, focus.File) < 0)
            .OrderBy(batch => batch.Name, StringComparer.Ordinal)
            // Those that the verdicts beside it are about: history can start anew, and it forgets.
            .TakeLast(report.History.Where(found => found.File == focus.File).Select(found => found.Batches)
                .DefaultIfEmpty(int.MaxValue).Max()),
    ];

    private static void Headline(PageText page, ContractReport report)
    {
        var verdicts = report.Verdicts.ToArray();
        page.Raw($"<header class=\"{(report.Passed ? "good" : "bad")}\">\n<h1>");
        page.Text(report.Passed ? "Data keeps its contract" : "Data breaks its contract");
        page.Raw("</h1>\n<p>").Text($"{report.RowType}: {Figures.Count(verdicts.Length, "check")}")
            .Raw("</p>\n<dl class=\"figures\">\n");
        Figure("rows seen", report.RowsSeen);
        Figure("accepted", report.RowsAccepted);
        Figure("set aside", report.RowsSetAside);
        Figure("files", report.Files.Count);
        Figure("checks passed", verdicts.Count(verdict => verdict == CheckVerdict.Passed));
        Figure("failed", verdicts.Count(verdict => verdict == CheckVerdict.Failed));
        Figure("warned", verdicts.Count(verdict => verdict == CheckVerdict.Warned));
        Figure("without enough history", verdicts.Count(verdict => verdict == CheckVerdict.NotEnoughHistory));
        page.Raw("</dl>\n</header>\n");

        void Figure(string name, long count) =>
            page.Raw("<div><dd>").Text(Figures.Count(count)).Raw("</dd><dt>").Text(name).Raw("</dt></div>\n");
    }

    private static void Broken(PageText page, ContractReport report)
    {
        var checks = ContractReportText.Checks(report).ToArray();
        List(CheckVerdict.Failed, "What is wrong");
        if (!report.Passed)
        {
            page.Raw("<aside><h3>What to do</h3><ul>\n");
            foreach (var advice in ContractReportText.WhatToDo(report))
                page.Raw("<li>").Text(advice).Raw("</li>\n");
            page.Raw("</ul></aside>\n");
        }
        List(CheckVerdict.Warned, "Warnings");

        void List(CheckVerdict verdict, string title)
        {
            var broken = checks.Where(check => check.Verdict == verdict).Take(MostChecks).ToArray();
            if (broken.Length == 0)
                return;
            page.Raw("<section>\n<h2>").Text(title).Raw("</h2>\n");
            Checks(page, verdict, broken.Where(check => check.File is null));
            // The first file is where to begin: later ones may fail only because it is not accepted.
            var files = broken.Where(check => check.File is not null).GroupBy(check => check.File!);
            foreach (var (i, file) in files.Index())
            {
                page.Raw(i == 0 ? "<details open><summary><b>" : "<details><summary><b>").Text(file.Key).Raw("</b>")
                    .Text(Figures.Count(file.Count(), "check")).Raw("</summary>\n");
                Checks(page, verdict, file);
                page.Raw("</details>\n");
            }
            More(page, checks.Count(check => check.Verdict == verdict) - MostChecks, "check");
            page.Raw("</section>\n");
        }
    }

    private static void Checks(PageText page, CheckVerdict verdict, IEnumerable<CheckLine> checks)
    {
        page.Raw("<ul class=\"checks\">\n");
        foreach (var check in checks)
        {
            page.Raw($"<li class=\"{Class(verdict)}\"><b>").Text(check.Name).Raw("</b> <span>").Text(check.Finding)
                .Raw("</span>");
            foreach (var detail in check.Details)
                page.Raw("<code>").Text(detail).Raw("</code>");
            page.Raw("</li>\n");
        }
        page.Raw("</ul>\n");
    }

    private static void Files(PageText page, ContractReport report, FileReport? focus)
    {
        if (report.Files.Count < 2)
            return;
        var most = Math.Max(1, report.Files.Max(file => file.RowsSeen));
        page.Raw("<section>\n<h2>Files</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th>file</th><th class=\"n\">"
            + "accepted</th><th class=\"n\">set aside</th><th></th><th>faults</th></tr></thead>\n<tbody>\n");
        // The last ones, or those from the first with a fault on.
        var first = Math.Min(
            Math.Max(0, report.Files.Count - MostFiles), report.Files.TakeWhile(file => file != focus).Count());
        foreach (var file in report.Files.Skip(first).Take(MostFiles))
        {
            page.Raw(file == focus ? "<tr class=\"focus\"><td>" : "<tr><td>").Text(file.File)
                .Raw("</td><td class=\"n\">").Text(Figures.Count(file.RowsAccepted))
                .Raw("</td><td class=\"n\">").Text(Figures.Count(file.RowsSeen - file.RowsAccepted)).Raw("</td><td>");
            PageCharts.Bar(page, (double)file.RowsAccepted / most, null);
            page.Raw("</td><td>");
            if (file.Faults.Count > 0)
                page.Raw("<span class=\"chip bad\">").Text(Figures.Count(file.Faults.Count, "fault"))
                    .Raw("</span> ")
                    .Text(string.Join(", ", file.Faults.Take(4)) + (file.Faults.Count > 4 ? ", …" : ""));
            page.Raw("</td></tr>\n");
        }
        page.Raw("</tbody></table></div>\n");
        More(page, report.Files.Count - MostFiles, "other file");
        page.Raw("</section>\n");
    }

    private static void Columns(PageText page, ContractReport report, FileReport? focus, BatchRecord[] before)
    {
        if (focus is null)
            return;
        page.Raw("<section>\n<h2>Columns</h2>\n<p class=\"key\"><i class=\"now\"></i>").Text(focus.File);
        if (before.Length > 0)
            page.Raw(" <i class=\"past\"></i>").Text($"the {Figures.Count(before.Length, "accepted file")} before it");
        page.Raw("</p>\n<div class=\"cards\">\n");
        var checks = ContractReportText.Checks(report)
            .Where(check => check.Column is not null && (check.File is null || check.File == focus.File)
                && check.Verdict is CheckVerdict.Failed or CheckVerdict.Warned)
            .ToLookup(check => check.Column!);
        // Columns with something wrong come first, the others as in the row type.
        foreach (var column in focus.Columns.OrderBy(column => checks[column.Column]
            .Select(check => (int)check.Verdict).DefaultIfEmpty(int.MaxValue).Min()))
        {
            var past = before.Select(batch => batch.Column(column.Column)).OfType<ColumnStatistics>().ToArray();
            ColumnCard.Render(page, column, past, [.. checks[column.Column]]);
        }
        page.Raw("</div>\n</section>\n");
    }

    private static void WorstRows(PageText page, ContractReport report)
    {
        var rules = report.Rules.Where(rule => rule.Rows > 0)
            .OrderBy(rule => rule.Verdict)
            .ThenByDescending(rule => rule.Share)
            .ToArray();
        if (rules.Length == 0)
            return;
        page.Raw("<section>\n<h2>Rows that break rules</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th>rule</th>"
            + "<th class=\"n\">rows</th><th class=\"n\">share</th><th class=\"n\">limit</th><th>file</th>"
            + "<th class=\"n\">line</th><th>values</th></tr></thead>\n<tbody>\n");
        foreach (var rule in rules)
        {
            var span = Math.Max(1, rule.Examples.Count);
            page.Raw($"<tr><td rowspan=\"{span}\"><span class=\"dot {Class(rule.Verdict)}\"></span>").Text(rule.Rule)
                .Raw($"</td><td class=\"n\" rowspan=\"{span}\">").Text(Figures.Count(rule.Rows))
                .Raw($"</td><td class=\"n\" rowspan=\"{span}\">").Text(Figures.Percent(rule.Share ?? 0))
                .Raw($"</td><td class=\"n\" rowspan=\"{span}\">").Text(Figures.Percent(rule.Tolerance)).Raw("</td>");
            for (var i = 0; i < rule.Examples.Count; i++)
            {
                var example = rule.Examples[i];
                page.Raw(i > 0 ? "<tr><td>" : "<td>").Text(example.File).Raw("</td><td class=\"n\">")
                    .Text(Figures.Count(example.Line)).Raw("</td><td>");
                foreach (var value in example.Values)
                    page.Raw("<code>").Text($"{value.Column} = {ValueText.Of(value.Value)}").Raw("</code>");
                if (example.First is { } first)
                    page.Text($"first is {first}");
                page.Raw("</td></tr>\n");
            }
            if (rule.Examples.Count == 0)
                page.Raw("<td colspan=\"3\"></td></tr>\n");
        }
        page.Raw("</tbody></table></div>\n</section>\n");
    }

    private static void AllChecks(PageText page, ContractReport report, FileReport? focus)
    {
        var checks = ContractReportText.Checks(report)
            .Where(check => check.File is null || check.File == focus?.File)
            .ToArray();
        page.Raw("<section>\n<details><summary>").Text(Figures.Count(checks.Length, "check"))
            .Raw(" and what was measured</summary>\n<p class=\"note\">")
            .Text("Comparisons of other files with their history are in the JSON report.")
            .Raw("</p>\n<div class=\"scroll\"><table>\n<tbody>\n");
        foreach (var check in checks)
        {
            page.Raw($"<tr><td><span class=\"dot {Class(check.Verdict)}\"></span>").Text(Word(check.Verdict))
                .Raw("</td><td>").Text(check.Name).Raw("</td><td>").Text(check.Finding).Raw("</td></tr>\n");
        }
        page.Raw("</tbody></table></div></details>\n</section>\n");
    }

    private static void More(PageText page, int more, string noun)
    {
        if (more > 0)
            page.Raw("<p class=\"note\">").Text($"and {Figures.Count(more, noun)} more").Raw("</p>\n");
    }

    internal static string Class(CheckVerdict verdict) => verdict switch
    {
        CheckVerdict.Failed => "bad",
        CheckVerdict.Warned => "warn",
        CheckVerdict.NotEnoughHistory => "early",
        _ => "good",
    };

    private static string Word(CheckVerdict verdict) => verdict switch
    {
        CheckVerdict.Failed => "failed",
        CheckVerdict.Warned => "warned",
        CheckVerdict.NotEnoughHistory => "not enough history",
        _ => "passed",
    };
}
