using System.Globalization;
using System.Text;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Models;
using MLBuild.Stages.Evaluate;

namespace MLBuild.Stages.Site;

/// <summary>The loss of a model by the number of its iterations.</summary>
internal static class TrainingCurve
{
    /// <param name="name">Of the loss, with its unit.</param>
    public static void Draw(PageText page, TrainingCourse course, string name)
    {
        var losses = course.Losses;
        double[] all = [.. losses.SelectMany(loss => new[] { loss.Train, loss.Validation ?? loss.Train })];
        var frame = new ChartFrame(560, 240, 0, losses[^1].Iteration, Math.Min(0, all.Min()), all.Max());
        page.Raw("<p class=\"key\"><svg viewBox=\"0 0 26 16\" aria-hidden=\"true\"><path class=\"curve\" "
            + "d=\"M1 8H25\"/></svg>rows that trees are grown from");
        var isStopped = losses.Any(loss => loss.Validation is not null);
        if (isStopped)
            page.Raw("<svg viewBox=\"0 0 26 16\" aria-hidden=\"true\"><path class=\"curve champion-curve\" "
                + "d=\"M1 8H25\"/></svg>rows that are set aside");
        page.Raw("</p>\n<div class=\"one-plot\">");
        frame.Begin(page, $"{name} by iteration: {EvaluateCharts.Short(losses[0].Train)} after {losses[0].Iteration}, "
            + $"{EvaluateCharts.Short(losses[^1].Train)} after {losses[^1].Iteration}.");
        frame.Axes(page, "iterations", name);
        Line("curve", loss => loss.Train);
        if (isStopped)
            Line("curve champion-curve", loss => loss.Validation);
        page.Raw("</svg></div>\n");

        void Line(string kind, Func<IterationLoss, double?> of)
        {
            var path = new StringBuilder();
            foreach (var loss in losses)
            {
                if (of(loss) is { } value)
                    path.Append(path.Length == 0 ? 'M' : 'L').Append(CultureInfo.InvariantCulture,
                        $"{EvaluateCharts.N(frame.X(loss.Iteration))} {EvaluateCharts.N(frame.Y(value))}");
            }
            page.Raw($"<path class=\"{kind}\" d=\"{path}\"/>");
        }
    }
}
