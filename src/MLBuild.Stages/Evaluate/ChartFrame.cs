using MLBuild.Learning.Contracts;
using static MLBuild.Stages.Evaluate.EvaluateCharts;

namespace MLBuild.Stages.Evaluate;

/// <summary>The axes of a plot, and where values are between them.</summary>
internal sealed class ChartFrame
{
    private const double Left = 58;
    private const double Bottom = 34;
    private const double Right = 10;

    private readonly double _height;
    private readonly double _lowY;
    private readonly double _highY;

    public ChartFrame(double width, double height, double lowX, double highX, double lowY, double highY)
    {
        (Width, _height) = (width, height);
        (LowX, HighX) = highX > lowX ? (lowX, highX) : (lowX - 0.5, lowX + 0.5);
        (_lowY, _highY) = highY > lowY ? (lowY, highY) : (lowY - 0.5, lowY + 0.5);
    }

    /// <summary>Where the plot begins.</summary>
    public const double Top = 8;

    public double Width { get; }

    public double LowX { get; }

    public double HighX { get; }

    /// <summary>Where the plot begins and ends.</summary>
    public (double Left, double Right) Ends => (Left, Width - Right);

    public double X(double value) =>
        Left + ((Math.Clamp(value, LowX, HighX) - LowX) / (HighX - LowX) * (Width - Left - Right));

    public double Y(double value) =>
        _height - Bottom - ((Math.Clamp(value, _lowY, _highY) - _lowY) / (_highY - _lowY)
            * (_height - Bottom - Top));

    public void Begin(PageText page, string label) =>
        page.Raw($"<svg class=\"plot\" viewBox=\"0 0 {N(Width)} {N(_height)}\" role=\"img\" aria-label=\"")
            .Sentence(label).Raw("\">");

    public void Axes(PageText page, string x, string y)
    {
        foreach (var tick in Ticks(LowX, HighX))
            page.Raw($"<path class=\"grid\" d=\"M{N(X(tick))} {N(Top)}V{N(_height - Bottom)}\"/>"
                + $"<text x=\"{N(X(tick))}\" y=\"{N(_height - Bottom + 13)}\" class=\"m\">{Short(tick)}</text>");
        foreach (var tick in Ticks(_lowY, _highY))
            page.Raw($"<path class=\"grid\" d=\"M{N(Left)} {N(Y(tick))}H{N(Width - Right)}\"/>"
                + $"<text x=\"{N(Left - 5)}\" y=\"{N(Y(tick) + 4)}\" class=\"e\">{Short(tick)}</text>");
        var (middleX, middleY) = ((Left + Width - Right) / 2, (Top + _height - Bottom) / 2);
        page.Raw($"<text class=\"m name\" x=\"{N(middleX)}\" y=\"{N(_height - 4)}\">").Text(x)
            .Raw($"</text><text class=\"m name\" transform=\"translate(12 {N(middleY)}) rotate(-90)\">").Text(y)
            .Raw("</text>");
    }

    // 1, 2 or 5 times a power of ten apart, about five of them.
    private static IEnumerable<double> Ticks(double low, double high)
    {
        var rough = (high - low) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 } * power;
        for (var i = Math.Ceiling(low / step); i * step <= high; i++)
            yield return i * step;
    }
}
