using System.Globalization;
using System.Text;

namespace MLBuild.Learning.Contracts;

/// <summary>Small drawings for the page, as SVG inside it.</summary>
internal static class PageCharts
{
    private const int Width = 320;
    private const int Height = 84;

    /// <summary>A share as a bar, with a mark where another one is.</summary>
    public static void Bar(PageText page, double share, double? mark)
    {
        page.Raw("<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
            + "<rect class=\"track\" width=\"100\" height=\"8\"/>"
            + $"<rect class=\"now\" width=\"{N(100 * share)}\" height=\"8\"/>");
        if (mark is { } place)
            page.Raw($"<rect class=\"mark\" x=\"{N(Math.Clamp(100 * place - 0.5, 0, 99))}\" width=\"1\" "
                + $"height=\"8\"/>");
        page.Raw("</svg>");
    }

    /// <summary>Bars of one distribution over the outline of another.</summary>
    public static void Histogram(PageText page, double[] now, double[]? past, string label)
    {
        var top = Math.Max(now.Max(), past?.Max() ?? 0);
        var width = (double)Width / now.Length;
        page.Raw($"<svg class=\"histogram\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"")
            .Text(label).Raw("\">");
        if (past is not null)
        {
            var path = new StringBuilder($"M0 {Height}");
            for (var i = 0; i < past.Length; i++)
                path.Append(CultureInfo.InvariantCulture, $"V{N(Y(past[i]))}H{N((i + 1) * width)}");
            page.Raw($"<path class=\"past\" d=\"{path}V{Height}Z\"/>");
        }
        var bars = new StringBuilder();
        for (var i = 0; i < now.Length; i++)
        {
            if (now[i] > 0)
                bars.Append(
                    CultureInfo.InvariantCulture,
                    $"M{N(i * width + 1.5)} {Height}V{N(Y(now[i]))}h{N(width - 3)}V{Height}Z");
        }
        page.Raw($"<path class=\"now\" d=\"{bars}\"/>"
            + $"<line class=\"axis\" x2=\"{Width}\" y1=\"{Height}\" y2=\"{Height}\"/></svg>");

        double Y(double share) => Height - (top > 0 ? share / top * (Height - 4) : 0);
    }

    /// <summary>A number of each file as a line, the last one as a point.</summary>
    public static void Line(PageText page, IReadOnlyList<double> values, string label)
    {
        var (low, high) = (values.Min(), values.Max());
        var points = values.Select((value, i) => (
            X: values.Count > 1 ? 4 + 152.0 * i / (values.Count - 1) : 156,
            Y: high > low ? 24 - 20 * (value - low) / (high - low) : 14)).ToArray();
        page.Raw("<svg class=\"line\" viewBox=\"0 0 160 28\" role=\"img\" aria-label=\"").Text(label)
            .Raw($"\"><polyline points=\"{string.Join(' ', points.Select(point => $"{N(point.X)},{N(point.Y)}"))}\"/>"
                + $"<circle cx=\"{N(points[^1].X)}\" cy=\"{N(points[^1].Y)}\" r=\"3\"/></svg>");
    }

    private static string N(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
