using System.Globalization;
using System.Text;
using MLBuild.Learning.Contracts;
using MLBuild.Stages.Evaluate;

namespace MLBuild.Stages.Monitor;

/// <summary>A value of one window, and the ends between which it lies; null where there is none.</summary>
internal readonly record struct TimelinePoint(double? Value, double? Low, double? High);

/// <summary>What a plot over time shows.</summary>
/// <param name="Measured">Filled points and a line.</param>
/// <param name="Estimated">Open diamonds: what nobody measured. Empty where there is none.</param>
/// <param name="Rules">Dashed lines across, each with its name.</param>
internal sealed record Timeline(
    string Label, string Axis, IReadOnlyList<string> Windows, IReadOnlyList<TimelinePoint> Measured,
    IReadOnlyList<TimelinePoint> Estimated, IReadOnlyList<(double At, string Name)> Rules);

/// <summary>The drawings of the page, as SVG inside it. What differs in colour differs in shape too, and each says in
/// words what it shows.</summary>
internal static class MonitorCharts
{
    private const double Left = 58;
    private const double Right = 12;
    private const double Top = 14;
    private const double Bottom = 30;
    private const int MostNames = 8;

    /// <summary>Numbers over windows.</summary>
    public static void Draw(PageText page, Timeline timeline, double width, double height)
    {
        double[] numbers =
        [
            .. timeline.Measured.Concat(timeline.Estimated)
                .SelectMany(point => new[] { point.Value, point.Low, point.High }).OfType<double>(),
            .. timeline.Rules.Select(rule => rule.At),
        ];
        var (low, high) = (Math.Min(0, numbers.DefaultIfEmpty().Min()), numbers.DefaultIfEmpty().Max());
        high = high > low ? high : low + 1;
        page.Raw($"<svg class=\"plot\" viewBox=\"0 0 {N(width)} {N(height)}\" role=\"img\" aria-label=\"")
            .Sentence(timeline.Label).Raw("\">");
        foreach (var tick in Ticks(low, high))
            page.Raw($"<path class=\"grid\" d=\"M{N(Left)} {N(Y(tick))}H{N(width - Right)}\"/>"
                + $"<text x=\"{N(Left - 5)}\" y=\"{N(Y(tick) + 4)}\" class=\"e\">{EvaluateCharts.Short(tick)}</text>");
        var every = Math.Max(1, (timeline.Windows.Count + MostNames - 1) / MostNames);
        // Counted from the newest, which is always named.
        for (var i = timeline.Windows.Count - 1; i >= 0; i -= every)
            page.Raw($"<text x=\"{N(X(i))}\" y=\"{N(height - Bottom + 15)}\" class=\"m\">")
                .Text(timeline.Windows[i]).Raw("</text>");
        foreach (var (at, name) in timeline.Rules)
            page.Raw($"<path class=\"rule\" d=\"M{N(Left)} {N(Y(at))}H{N(width - Right)}\"/>"
                + $"<text x=\"{N(width - Right)}\" y=\"{N(Y(at) + 12)}\" class=\"e\">").Text(name).Raw("</text>");
        Line(page, timeline.Measured);
        foreach (var (i, point) in timeline.Measured.Index())
        {
            Whisker(page, i, point);
            if (point.Value is { } value)
                page.Raw($"<circle class=\"point\" cx=\"{N(X(i))}\" cy=\"{N(Y(value))}\" r=\"3.5\"/>");
        }
        foreach (var (i, point) in timeline.Estimated.Index())
        {
            if (point.Value is { } value)
                page.Raw($"<path class=\"champion\" d=\"M{N(X(i) + 9)} {N(Y(value) - 5)}l4 5l-4 5l-4 -5z\"/>");
        }
        page.Raw($"<text class=\"name\" x=\"{N(Left)}\" y=\"10\">").Text(timeline.Axis).Raw("</text></svg>\n");

        double X(int i) => timeline.Windows.Count > 1
            ? Left + 26 + (i * (width - Left - Right - 60) / (timeline.Windows.Count - 1))
            : (Left + width - Right) / 2;

        double Y(double value) =>
            height - Bottom - ((Math.Clamp(value, low, high) - low) / (high - low) * (height - Bottom - Top - 8));

        void Line(PageText into, IReadOnlyList<TimelinePoint> points)
        {
            var path = new StringBuilder();
            var isDown = false;
            foreach (var (i, point) in points.Index())
            {
                if (point.Value is { } value)
                    path.Append(CultureInfo.InvariantCulture, $"{(isDown ? 'L' : 'M')}{N(X(i))} {N(Y(value))}");
                isDown = point.Value is not null;
            }
            into.Raw($"<path class=\"course-line\" d=\"{path}\"/>");
        }

        void Whisker(PageText into, int i, TimelinePoint point)
        {
            if (point is { Low: { } from, High: { } to })
                into.Raw($"<path class=\"whisker\" d=\"M{N(X(i))} {N(Y(from))}V{N(Y(to))}M{N(X(i) - 4)} {N(Y(from))}h8"
                    + $"M{N(X(i) - 4)} {N(Y(to))}h8\"/>");
        }
    }

    /// <summary>Shares of the bins: those of the reference as an outline, the current ones as bars.</summary>
    public static void Bins(PageText page, IReadOnlyList<double> reference, IReadOnlyList<double> current, string label)
    {
        const double width = 320, height = 84;
        var top = Math.Max(reference.Max(), current.Max());
        var step = width / reference.Count;
        page.Raw($"<svg class=\"histogram\" viewBox=\"0 0 {N(width)} {N(height)}\" role=\"img\" aria-label=\"")
            .Sentence(label).Raw("\">");
        var outline = new StringBuilder($"M0 {N(height)}");
        var bars = new StringBuilder();
        for (var i = 0; i < reference.Count; i++)
        {
            outline.Append(CultureInfo.InvariantCulture, $"V{N(Y(reference[i]))}H{N((i + 1) * step)}");
            if (current[i] > 0)
                bars.Append(CultureInfo.InvariantCulture,
                    $"M{N((i * step) + (step * 0.2))} {N(height)}V{N(Y(current[i]))}h{N(step * 0.6)}V{N(height)}z");
        }
        page.Raw($"<path class=\"past\" d=\"{outline}V{N(height)}z\"/><path class=\"now\" d=\"{bars}\"/>"
            + $"<line class=\"axis\" x2=\"{N(width)}\" y1=\"{N(height)}\" y2=\"{N(height)}\"/></svg>\n");

        double Y(double share) => height - (top > 0 ? share / top * (height - 4) : 0);
    }

    // 1, 2 or 5 times a power of ten apart, about four of them.
    private static IEnumerable<double> Ticks(double low, double high)
    {
        var rough = (high - low) / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 } * power;
        for (var i = Math.Ceiling(low / step); i * step <= high; i++)
            yield return i * step;
    }

    private static string N(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
