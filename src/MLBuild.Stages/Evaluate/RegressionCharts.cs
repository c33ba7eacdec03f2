using System.Globalization;
using System.Text;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;
using static MLBuild.Stages.Evaluate.EvaluateCharts;

namespace MLBuild.Stages.Evaluate;

/// <summary>The drawings of a regression.</summary>
internal static class RegressionCharts
{
    /// <summary>Predicted against actual: the more rows a square has, the darker it is, by powers of ten.</summary>
    public static void Density(PageText page, DensityGrid grid, string unit)
    {
        var most = Math.Max(1, grid.Counts.Max());
        var frame = new ChartFrame(440, 380, grid.Low, grid.High, grid.Low, grid.High);
        frame.Begin(page, $"Predicted against actual value of {Figures.Count(grid.Counts.Sum(), "row")}, counted in "
            + $"squares; the diagonal is where they are equal. {Spread(grid)}");
        frame.Axes(page, $"predicted{In(unit)}", $"actual{In(unit)}");
        var step = (grid.High - grid.Low) / grid.Size;
        var paths = new StringBuilder[5];
        for (var x = 0; x < grid.Size; x++)
        {
            for (var y = 0; y < grid.Size; y++)
            {
                if (grid.At(x, y) is not (> 0 and var rows))
                    continue;
                var shade = (int)Math.Min(4, 5 * Math.Log(rows) / Math.Max(Math.Log(most), 1e-9));
                var (left, right) = (frame.X(grid.Low + (x * step)), frame.X(grid.Low + ((x + 1) * step)));
                var (lower, upper) = (frame.Y(grid.Low + (y * step)), frame.Y(grid.Low + ((y + 1) * step)));
                (paths[shade] ??= new()).Append(CultureInfo.InvariantCulture,
                    $"M{N(left)} {N(upper)}H{N(right)}V{N(lower)}H{N(left)}z");
            }
        }
        for (var shade = 0; shade < paths.Length; shade++)
        {
            if (paths[shade] is { } path)
                page.Raw($"<path class=\"d{shade}\" d=\"{path}\"/>");
        }
        page.Raw($"<path class=\"rule\" d=\"M{N(frame.X(grid.Low))} {N(frame.Y(grid.Low))}L{N(frame.X(grid.High))} "
            + $"{N(frame.Y(grid.High))}\"/></svg>\n");
    }

    /// <summary>How often errors of each size are.</summary>
    public static void Errors(PageText page, ErrorHistogram errors, string unit)
    {
        var rows = Math.Max(1, errors.Counts.Sum() + errors.Below + errors.Above);
        var most = Math.Max(1, errors.Counts.Max());
        var frame = new ChartFrame(440, 300, errors.Low, errors.High, 0, (double)most / rows * 100);
        frame.Begin(page, $"Histogram of errors, predicted minus actual; "
            + $"{Percent(errors.Counts[errors.Counts.Count / 2], rows)} of the rows are in the middle bin, "
            + $"{Percent(errors.Below, rows)} below and {Percent(errors.Above, rows)} above what is drawn.");
        frame.Axes(page, $"predicted − actual{In(unit)}", "% of rows");
        var bars = new StringBuilder();
        var step = (errors.High - errors.Low) / errors.Counts.Count;
        for (var bin = 0; bin < errors.Counts.Count; bin++)
        {
            if (errors.Counts[bin] == 0)
                continue;
            var (left, right) = (frame.X(errors.Low + (bin * step)), frame.X(errors.Low + ((bin + 1) * step)));
            bars.Append(CultureInfo.InvariantCulture,
                $"M{N(left + 0.5)} {N(frame.Y(0))}V{N(frame.Y((double)errors.Counts[bin] / rows * 100))}"
                + $"H{N(right - 0.5)}V{N(frame.Y(0))}z");
        }
        page.Raw($"<path class=\"now\" d=\"{bars}\"/><path class=\"rule\" d=\"M{N(frame.X(0))} {N(ChartFrame.Top)}"
            + $"V{N(frame.Y(0))}\"/></svg>\n");
    }

    /// <summary>Errors against predictions: for each bin of predictions a line from the 5 % to the 95 % quantile, a box
    /// from the 25 % to the 75 % one, a point at the median.</summary>
    public static void ErrorsByPrediction(PageText page, IReadOnlyList<PredictionBin> bins, string unit)
    {
        var frame = new ChartFrame(440, 300, bins[0].MeanPredicted, bins[^1].MeanPredicted,
            Math.Min(0, bins.Min(bin => bin.Errors[0])), Math.Max(0, bins.Max(bin => bin.Errors[4])));
        var worst = bins.MaxBy(bin => Math.Abs(bin.Errors[2]))!;
        frame.Begin(page, $"Errors against predictions in {bins.Count} bins: middle 90 % as a line, middle half as a "
            + $"box, median as a point. The median that is furthest from 0 is {Short(worst.Errors[2])} where "
            + $"{Short(worst.MeanPredicted)} is predicted.");
        frame.Axes(page, $"predicted{In(unit)}", $"predicted − actual{In(unit)}");
        page.Raw($"<path class=\"rule\" d=\"M{N(frame.Ends.Left)} {N(frame.Y(0))}H{N(frame.Ends.Right)}\"/>");
        foreach (var bin in bins)
        {
            var x = frame.X(bin.MeanPredicted);
            page.Raw($"<path class=\"whisker\" d=\"M{N(x)} {N(frame.Y(bin.Errors[0]))}"
                + $"V{N(frame.Y(bin.Errors[4]))}\"/><rect class=\"box\" x=\"{N(x - 3)}\" "
                + $"y=\"{N(frame.Y(bin.Errors[3]))}\" width=\"6\" "
                + $"height=\"{N(frame.Y(bin.Errors[1]) - frame.Y(bin.Errors[3]))}\"/>"
                + $"<circle class=\"point\" cx=\"{N(x)}\" cy=\"{N(frame.Y(bin.Errors[2]))}\" r=\"2.5\"/>");
        }
        page.Raw("</svg>\n");
    }

    /// <summary>The mean actual value against the mean prediction of each bin, with the 95 % interval of the
    /// former.</summary>
    public static void Calibration(PageText page, IReadOnlyList<PredictionBin> bins, string unit)
    {
        var measured = bins
            .Select(bin => (bin.MeanPredicted, Mean: MetricText.Number(bin.Actual.Mean),
                Low: MetricText.Number(bin.Actual.Low) ?? MetricText.Number(bin.Actual.Mean),
                High: MetricText.Number(bin.Actual.High) ?? MetricText.Number(bin.Actual.Mean)))
            .Where(bin => bin is { Mean: not null, Low: not null, High: not null })
            .Select(bin => (bin.MeanPredicted, Mean: bin.Mean!.Value, Low: bin.Low!.Value, High: bin.High!.Value))
            .ToArray();
        var low = measured.Min(bin => Math.Min(bin.MeanPredicted, bin.Low));
        var high = measured.Max(bin => Math.Max(bin.MeanPredicted, bin.High));
        var frame = new ChartFrame(440, 380, low, high, low, high);
        var off = measured.Count(bin => bin.MeanPredicted < bin.Low || bin.MeanPredicted > bin.High);
        frame.Begin(page, $"Mean actual value against mean prediction in {measured.Length} bins; the diagonal is a "
            + $"calibrated model. In {off} of them the 95 % interval of the mean leaves the prediction out.");
        frame.Axes(page, $"mean predicted{In(unit)}", $"mean actual{In(unit)}");
        page.Raw($"<path class=\"rule\" d=\"M{N(frame.X(frame.LowX))} {N(frame.Y(frame.LowX))}"
            + $"L{N(frame.X(frame.HighX))} {N(frame.Y(frame.HighX))}\"/>");
        foreach (var bin in measured)
        {
            page.Raw($"<path class=\"whisker\" d=\"M{N(frame.X(bin.MeanPredicted))} {N(frame.Y(bin.Low))}"
                + $"V{N(frame.Y(bin.High))}\"/><circle class=\"point\" cx=\"{N(frame.X(bin.MeanPredicted))}\" "
                + $"cy=\"{N(frame.Y(bin.Mean))}\" r=\"3\"/>");
        }
        page.Raw("</svg>\n");
    }

    private static string Spread(DensityGrid grid)
    {
        var near = 0L;
        for (var x = 0; x < grid.Size; x++)
        {
            for (var y = Math.Max(0, x - 1); y <= Math.Min(grid.Size - 1, x + 1); y++)
                near += grid.At(x, y);
        }
        return $"{Percent(near, Math.Max(1, grid.Counts.Sum()))} of them are on it or beside it, "
            + $"{Figures.Count(grid.Outside, "row")} beyond the axes.";
    }
}
