using MLBuild.Learning.Contracts;
using MLBuild.Learning.Models;
using MLBuild.Stages.Evaluate;

namespace MLBuild.Stages.Site;

/// <summary>What results say of themselves, drawn: data, training, evaluation.</summary>
internal static class FindingParts
{
    public static void Draw(PageText page, IEnumerable<SiteFinding> findings)
    {
        foreach (var finding in findings)
        {
            switch (finding)
            {
                case SiteFinding.Data data:
                    Data(page, data.Report);
                    break;
                case SiteFinding.Course course:
                    Course(page, course);
                    break;
                case SiteFinding.Evaluation evaluation:
                    Evaluation(page, evaluation.Report);
                    break;
            }
        }
    }

    private static void Data(PageText page, ContractReport report)
    {
        var mark = SiteMark.Of(report);
        page.Raw("<section>\n<h2>Data</h2>\n<p class=\"big\">").Raw($"<b class=\"state {mark.Class}\">")
            .Text(mark.Text).Raw("</b></p>\n");
        SiteFrame.Figures(page,
        [
            ("rows seen", Figures.Count(report.RowsSeen)),
            ("accepted", Figures.Count(report.RowsAccepted)),
            ("set aside", Figures.Count(report.RowsSetAside)),
            ("files", Figures.Count(report.Files.Count)),
        ]);
        page.Raw("</section>\n");
        ContractReportPage.Columns(page, report);
    }

    private static void Course(PageText page, SiteFinding.Course course)
    {
        var losses = course.Losses.Losses;
        var name = course.Losses.Loss == TrainingLoss.Rmse ? "RMSE" : "log loss, nats";
        page.Raw("<section>\n<h2>Training</h2>\n");
        SiteFrame.Figures(page,
        [
            ("rows", Figures.Count(course.Rows)),
            ("iterations", Figures.Count(course.Losses.Iterations)),
            .. losses.Count == 0 ? Array.Empty<(string, string)>()
                : [($"{name}, at the end", EvaluateCharts.Short(losses[^1].Train))],
            .. losses.LastOrDefault()?.Validation is { } validation
                ? [($"{name}, on rows set aside", EvaluateCharts.Short(validation))]
                : Array.Empty<(string, string)>(),
            ("trained by", course.Trainer),
        ]);
        if (losses.Count > 1)
            TrainingCurve.Draw(page, course.Losses, name);
        page.Raw("</section>\n");
    }

    private static void Evaluation(PageText page, EvaluateReport report)
    {
        page.Raw("<section>\n<h2>Evaluation</h2>\n<p>").Sentence(report.Comparison).Raw("</p>\n");
        SiteFrame.Figures(page,
        [
            ("held-out rows", Figures.Count(report.Overall.Metrics.Count)),
            .. report.Overall.Metrics.Summary.Select(metric =>
                (MetricText.Name(metric, report.Unit), Value(MetricText.Value(metric), MetricText.Ends(metric)))),
            .. report.Baseline is { } baseline
                ? [($"{MetricText.Name(baseline.Metrics.Headline, report.Unit)}, of {baseline.Prediction}",
                    MetricText.Value(baseline.Metrics.Headline))]
                : Array.Empty<(string, string)>(),
            .. report.Overall.ChampionMetrics is { } champion
                ? [($"{MetricText.Name(champion.Headline, report.Unit)}, of {report.Champion}, the champion",
                    MetricText.Value(champion.Headline))]
                : Array.Empty<(string, string)>(),
        ]);
        page.Raw("</section>\n");
        EvaluatePage.Rules(page, report.Gate);
    }

    private static string Value(string value, string ends) => ends is "" or "–" ? value : $"{value} ({ends})";
}
