using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>Predicted against actual values, calibration, and errors.</summary>
internal sealed class RegressionFigures(IEnumerable<(double Actual, double Predicted)> sample) : TaskFigures
{
    private readonly RegressionDiagnosticsBuilder _rows = new(sample);

    public override void Add(in ScoredRow row) => _rows.Add(row.Label, row.Challenger[0]);

    public override IReadOnlyList<PredictionBin> Calibration => _rows.Build().ByPrediction;

    public override void Render(PageText page, EvaluateReport report)
    {
        var plots = _rows.Build();
        if (plots.ByPrediction.Count == 0)
            return;
        page.Raw("<section>\n<h2>Predictions and errors</h2>\n<div class=\"plots\">\n");
        Plot(page, "Predicted against actual", () =>
            RegressionCharts.Density(page, plots.PredictedAgainstActual, report.Unit),
            $"Darker squares have more rows, by powers of ten; the dashed line is where both are equal. "
            + $"{Figures.Count(plots.PredictedAgainstActual.Outside, "row")} beyond the axes.");
        Plot(page, "Calibration", () => RegressionCharts.Calibration(page, plots.ByPrediction, report.Unit),
            "Of rows with about the same prediction, the mean actual value with its 95 % interval. On the dashed line "
            + "the model is right on average.");
        Plot(page, "Errors", () => RegressionCharts.Errors(page, plots.Errors, report.Unit),
            $"Right of the dashed line too much was predicted. {Figures.Count(plots.Errors.Below, "row")} below and "
            + $"{Figures.Count(plots.Errors.Above)} above what is drawn.");
        Plot(page, "Errors against predictions", () =>
            RegressionCharts.ErrorsByPrediction(page, plots.ByPrediction, report.Unit),
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
                Ends(bin.Actual), .. bin.Errors.Select(EvaluateCharts.Short),
            ])
                page.Raw("<td class=\"n\">").Text(cell).Raw("</td>");
            page.Raw("</tr>\n");
        }
        page.Raw("</tbody></table></div></details>\n</section>\n");
    }

    private static string Value(MetricValue value) =>
        MetricText.Number(value) is { } number ? EvaluateCharts.Short(number) : "missing";

    private static string Ends(MeanInterval mean) =>
        (MetricText.Number(mean.Low), MetricText.Number(mean.High)) is ({ } low, { } high)
            ? $"{EvaluateCharts.Short(low)} to {EvaluateCharts.Short(high)}"
            : "–";
}
