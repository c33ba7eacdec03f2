using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>Gathers what the page draws of a task, as rows stream by, and draws it.</summary>
internal abstract class TaskFigures
{
    public abstract void Add(in ScoredRow row);

    /// <summary>Rows with about the same prediction; none where that is no number.</summary>
    public virtual IReadOnlyList<PredictionBin> Calibration => [];

    /// <summary>Writes the section of the page; nothing where rows could not be measured.</summary>
    public abstract void Render(PageText page, EvaluateReport report);

    /// <summary>A drawing with its title and what it shows.</summary>
    private protected static void Plot(PageText page, string title, Action draw, string note)
    {
        page.Raw("<article>\n<h3>").Text(title).Raw("</h3>\n");
        draw();
        page.Raw("<p class=\"note\">").Sentence(note).Raw("</p>\n</article>\n");
    }
}
