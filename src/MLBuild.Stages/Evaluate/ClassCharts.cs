using System.Globalization;
using System.Text;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Statistics;

namespace MLBuild.Stages.Evaluate;

/// <summary>What one model does at each threshold.</summary>
/// <param name="Name">"model", or a champion's "v3".</param>
/// <param name="Points">From the highest threshold down; not none.</param>
internal sealed record Curve(string Name, IReadOnlyList<CurvePoint> Points)
{
    public long Positives => Points[^1].TruePositives;

    public long Negatives => Points[^1].FalsePositives;
}

/// <summary>The drawings of classes.</summary>
internal static class ClassCharts
{
    /// <summary>True against false positive rate.</summary>
    public static void Roc(PageText page, IReadOnlyList<Curve> curves, MetricValue auc)
    {
        var frame = new ChartFrame(440, 380, 0, 1, 0, 1);
        frame.Begin(page, $"ROC curve: true positive rate against false positive rate. {Area(auc)} 0.5 is chance. "
            + Halfway(curves[0]));
        frame.Axes(page, "false positive rate", "true positive rate");
        Dotted(page, frame, (0, 0), (1, 1));
        foreach (var (curve, style) in Styled(curves))
            Line(page, frame, style, curve.Points
                .Select(point => ((double)point.FalsePositives / curve.Negatives,
                    (double)point.TruePositives / curve.Positives))
                .Prepend((0, 0)));
        page.Raw("</svg>\n");
    }

    /// <summary>Precision against recall.</summary>
    public static void PrecisionRecall(PageText page, IReadOnlyList<Curve> curves, MetricValue averagePrecision)
    {
        var chance = (double)curves[0].Positives / (curves[0].Positives + curves[0].Negatives);
        var frame = new ChartFrame(440, 380, 0, 1, 0, 1);
        frame.Begin(page, "Precision against recall at each threshold. "
            + $"{Area(averagePrecision)} {EvaluateCharts.Short(chance)} is chance.");
        frame.Axes(page, "recall", "precision");
        Dotted(page, frame, (0, chance), (1, chance));
        // As steps: a precision between two thresholds is no straight line.
        foreach (var (curve, style) in Styled(curves))
            Line(page, frame, style, curve.Points.Where(point => point.TruePositives + point.FalsePositives > 0)
                .Select(point => ((double)point.TruePositives / curve.Positives,
                    (double)point.TruePositives / (point.TruePositives + point.FalsePositives))));
        page.Raw("</svg>\n");
    }

    /// <summary>What happens against what is predicted, with its 95 % interval.</summary>
    public static void Reliability(PageText page, IReadOnlyList<ReliabilityBin> bins, string predicted)
    {
        var measured = bins.Select(bin => (Bin: bin, Ends: WilsonInterval.Of(
            (long)Math.Round(bin.PositiveShare * bin.Count), bin.Count, 0.95))).ToArray();
        var high = measured.Max(one => Math.Max(one.Bin.MeanProbability, one.Ends.High));
        var low = measured.Min(one => Math.Min(one.Bin.MeanProbability, one.Ends.Low));
        var off = measured.Count(one =>
            one.Bin.MeanProbability < one.Ends.Low || one.Bin.MeanProbability > one.Ends.High);
        var frame = new ChartFrame(440, 380, low, high, low, high);
        frame.Begin(page, $"What happens against the mean {predicted} in {Figures.Count(bins.Count, "bin")}; the "
            + $"diagonal is a calibrated model. In {off} of them the 95 % interval leaves the prediction out.");
        frame.Axes(page, $"mean {predicted}", "share that happens");
        page.Raw($"<path class=\"rule\" d=\"M{N(frame.X(frame.LowX))} {N(frame.Y(frame.LowX))}"
            + $"L{N(frame.X(frame.HighX))} {N(frame.Y(frame.HighX))}\"/>");
        foreach (var (bin, ends) in measured)
        {
            var x = frame.X(bin.MeanProbability);
            page.Raw($"<path class=\"whisker\" d=\"M{N(x)} {N(frame.Y(ends.Low))}V{N(frame.Y(ends.High))}\"/>"
                + $"<circle class=\"point\" cx=\"{N(x)}\" cy=\"{N(frame.Y(bin.PositiveShare))}\" r=\"3\"/>");
        }
        page.Raw("</svg>\n");
    }

    /// <summary>How often each score is, of the rows of class 1 as bars, of those of class 0 as an outline.</summary>
    /// <param name="scores">For each class, counts in bins of equal width over 0..1.</param>
    public static void Scores(PageText page, long[][] scores, IReadOnlyList<string> classes)
    {
        double[][] shares = [.. scores.Select(counts =>
            counts.Select(count => count / (double)Math.Max(1, counts.Sum()) * 100).ToArray())];
        var frame = new ChartFrame(440, 300, 0, 1, 0, shares.Max(one => one.Max()));
        var bins = scores[0].Length;
        frame.Begin(page, $"Histogram of predicted probabilities: of {Figures.Count(scores[1].Sum(), "row")} that are "
            + $"'{classes[1]}' the mean is about {EvaluateCharts.Short(Mean(scores[1]))}, of "
            + $"{Figures.Count(scores[0].Sum())} that are '{classes[0]}' {EvaluateCharts.Short(Mean(scores[0]))}.");
        frame.Axes(page, $"probability of '{classes[1]}'", "% of the rows of each class");
        var (bars, outline) = (new StringBuilder(), new StringBuilder());
        outline.Append(CultureInfo.InvariantCulture, $"M{N(frame.X(0))} {N(frame.Y(0))}");
        for (var bin = 0; bin < bins; bin++)
        {
            var (left, right) = (frame.X((double)bin / bins), frame.X((bin + 1.0) / bins));
            if (shares[1][bin] > 0)
                bars.Append(CultureInfo.InvariantCulture,
                    $"M{N(left + 0.5)} {N(frame.Y(0))}V{N(frame.Y(shares[1][bin]))}H{N(right - 0.5)}V{N(frame.Y(0))}z");
            outline.Append(CultureInfo.InvariantCulture, $"V{N(frame.Y(shares[0][bin]))}H{N(right)}");
        }
        page.Raw($"<path class=\"d2\" d=\"{bars}\"/><path class=\"outline\" d=\"{outline}V{N(frame.Y(0))}\"/></svg>\n"
            + "<p class=\"key\"><svg viewBox=\"0 0 26 16\" aria-hidden=\"true\"><rect class=\"d2\" x=\"2\" y=\"3\" "
            + "width=\"22\" height=\"10\"/></svg>").Text(classes[1])
            .Raw("<svg viewBox=\"0 0 26 16\" aria-hidden=\"true\"><path class=\"outline\" d=\"M2 13V5H24V13\"/></svg>")
            .Text(classes[0]).Raw("</p>\n");

        double Mean(long[] counts) => counts.Select((count, bin) => count * ((bin + 0.5) / bins)).Sum()
            / Math.Max(1, counts.Sum());
    }

    private static string N(double number) => EvaluateCharts.N(number);

    private static string Area(MetricValue area) => MetricText.Number(area) is { } number
        ? $"The area below it is {EvaluateCharts.Short(number)};"
        : $"The area below it is missing;";

    // Where a person looks first: how many wrong alarms half of all cost.
    private static string Halfway(Curve curve)
    {
        var half = curve.Points.First(point => 2 * point.TruePositives >= curve.Positives);
        return "Half of the positive rows are found with "
            + $"{EvaluateCharts.Percent(half.FalsePositives, curve.Negatives)} of the negative ones.";
    }

    // The champion first, so that the model is drawn over it.
    private static IEnumerable<(Curve Curve, string Style)> Styled(IReadOnlyList<Curve> curves) =>
        curves.Select((curve, i) => (curve, i == 0 ? "curve" : "curve champion-curve")).Reverse();

    private static void Dotted(PageText page, ChartFrame frame, (double X, double Y) from, (double X, double Y) to) =>
        page.Raw($"<path class=\"chance\" d=\"M{N(frame.X(from.X))} {N(frame.Y(from.Y))}"
            + $"L{N(frame.X(to.X))} {N(frame.Y(to.Y))}\"/>");

    private static void Line(
        PageText page, ChartFrame frame, string style, IEnumerable<(double X, double Y)> points)
    {
        var path = string.Join('L', points.Select(point => $"{N(frame.X(point.X))} {N(frame.Y(point.Y))}"));
        page.Raw($"<path class=\"{style}\" d=\"M{path}\"/>");
    }
}
