using MLBuild.Learning.Contracts;

namespace MLBuild.Stages.Evaluate;

/// <summary>Which class is taken for which, each class against all others, and reliability: all of them are in the
/// report.</summary>
internal sealed class MulticlassFigures : TaskFigures
{
    public override void Add(in ScoredRow row)
    {
    }

    public override void Render(PageText page, EvaluateReport report)
    {
        if (report.Classes is not { Reliability.Count: > 0 } found)
            return;
        page.Raw("<section>\n<h2>Predictions and classes</h2>\n");
        ClassTables.Confusion(page, found.Confusion);
        ClassTables.Classes(page, found.Classes);
        page.Raw("<div class=\"plots\">\n");
        Plot(page, "Reliability of the predicted class", () => ClassCharts.Reliability(
                page, found.Reliability, "probability of the predicted class"),
            "Of rows whose most probable class has about the same probability, the share that is of it with its 95 % "
            + "interval; about as many rows in each bin. On the dashed line the model says what happens.");
        page.Raw("</div>\n</section>\n");
    }
}
