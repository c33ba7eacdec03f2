using System.Globalization;
using MLBuild.Learning.Contracts;

namespace MLBuild.Stages.Evaluate;

/// <summary>The drawings that stand in tables, as SVG inside the page, and how numbers are said in a picture. What
/// differs in colour differs in shape too, and each drawing is said in words.</summary>
internal static class EvaluateCharts
{
    /// <summary>A value with its ends on a scale that its neighbours in a table share, and a diamond at
    /// another.</summary>
    public static void Interval(
        PageText page, double value, double? low, double? high, double? other, (double Low, double High) scale,
        double? rule = null)
    {
        const double width = 220;
        page.Raw($"<svg class=\"interval\" viewBox=\"0 0 {N(width)} 16\" aria-hidden=\"true\">"
            + $"<path class=\"grid\" d=\"M0 8H{N(width)}\"/>");
        if (rule is { } at)
            page.Raw($"<path class=\"rule\" d=\"M{N(X(at))} 0V16\"/>");
        if (low is { } from && high is { } to)
            page.Raw($"<path class=\"whisker\" d=\"M{N(X(from))} 8H{N(X(to))}M{N(X(from))} 4v8M{N(X(to))} 4v8\"/>");
        if (other is { } place)
            page.Raw($"<path class=\"champion\" d=\"M{N(X(place))} 2l5 6l-5 6l-5 -6z\"/>");
        page.Raw($"<circle class=\"point\" cx=\"{N(X(value))}\" cy=\"8\" r=\"4\"/></svg>");

        double X(double number) => scale.High > scale.Low
            ? 6 + (Math.Clamp((number - scale.Low) / (scale.High - scale.Low), 0, 1) * (width - 12))
            : width / 2;
    }

    /// <summary>How far a bar reaches, from 0, and between which ends repetitions lie.</summary>
    public static void Bar(PageText page, double value, double low, double high, double most)
    {
        const double width = 220;
        page.Raw($"<svg class=\"interval\" viewBox=\"0 0 {N(width)} 16\" aria-hidden=\"true\">"
            + $"<rect class=\"now\" y=\"3\" width=\"{N(X(value))}\" height=\"10\"/>"
            + $"<path class=\"mark\" d=\"M{N(X(low))} 7.2H{N(X(high))}v1.6H{N(X(low))}z\"/></svg>");

        double X(double number) => most > 0 ? Math.Clamp(number / most, 0, 1) * (width - 4) : 0;
    }

    /// <summary>Three or four digits: more say nothing in a picture.</summary>
    public static string Short(double number) => Math.Abs(number) switch
    {
        0 => "0",
        >= 1e6 or < 1e-3 => number.ToString("0.##e0", CultureInfo.InvariantCulture),
        >= 1_000 => number.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => number.ToString("0.#", CultureInfo.InvariantCulture),
        >= 10 => number.ToString("0.##", CultureInfo.InvariantCulture),
        _ => number.ToString("0.###", CultureInfo.InvariantCulture),
    };

    /// <summary>", dollars", or nothing where nobody named the unit.</summary>
    public static string In(string unit) => unit == "" ? "" : $", {unit}";

    /// <summary>A share of rows, as "12.3 %".</summary>
    public static string Percent(long rows, long all) => Figures.Percent(Math.Round((double)rows / all, 3));

    /// <summary>A coordinate.</summary>
    public static string N(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
