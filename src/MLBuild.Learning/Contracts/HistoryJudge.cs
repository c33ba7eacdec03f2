using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Contracts;

/// <summary>Computes what history lets expect of a batch. Each limit is the wider one of two: the prediction interval
/// of the earlier batches, which chance rarely leaves, and a change too small to matter.</summary>
internal sealed class HistoryJudge(HistoryOptions options, double alarms)
{
    private const int MostNamed = 5;

    /// <summary>On a logarithmic scale; a count varies at least as one of Poisson does.</summary>
    public Judgement Rows(long rows, IReadOnlyList<long> history) => Interval(
        rows, Log(rows), [.. history.Select(Log)], _ => Math.Log(1 + options.LeastRatio), Math.Exp, Math.Exp);

    /// <summary>As the angle whose squared sine is the share, which has the variance 1 / 4n whatever the share is
    /// (Anscombe, Biometrika 35, 1948).</summary>
    public Judgement NullRatio(ColumnStatistics batch, IReadOnlyList<ColumnStatistics> history)
    {
        var measured = batch.Measured(Statistic.NullRatio);
        if (measured is not { } share)
            return Judgement.NotEnough(measured, history.Count);
        var judgement = Interval(
            share, Angle(batch), [.. history.Select(Angle)], _ => 0, ShareOf, ShareOf);
        if (judgement.Expected is not { Min: { } min, Max: { } max })
            return judgement;
        var usual = history.Average(column => column.Measured(Statistic.NullRatio)!.Value);
        // The limits hold the share itself and what is too little to matter.
        return judgement with
        {
            Expected = new(
                Math.Max(0, Math.Min(min, usual - options.LeastShare)),
                Math.Min(1, Math.Max(max, usual + options.LeastShare))),
        };
    }

    public Judgement Mean(ColumnStatistics batch, IReadOnlyList<ColumnStatistics> history)
    {
        var known = history.Where(column => column.Mean is not null).ToArray();
        return batch.Mean is not { } mean
            ? Judgement.NotEnough(null, known.Length)
            : Interval(
                mean, Of(batch), [.. known.Select(Of)],
                _ => options.LeastMove * Math.Sqrt(known.Average(Variance)), mean => mean, mean => mean);

        static Measurement Of(ColumnStatistics column) => new(column.Mean!.Value, Variance(column) / column.Values);
    }

    /// <summary>As the variance. Its sampling variance is at most that of a column whose every number is as far out as
    /// its farthest, so that one outlier is no alarm here; the ends of the column are for that.</summary>
    public Judgement StandardDeviation(ColumnStatistics batch, IReadOnlyList<ColumnStatistics> history)
    {
        var known = history.Where(column => column.StandardDeviation is not null).ToArray();
        return batch.StandardDeviation is not { } deviation
            ? Judgement.NotEnough(null, known.Length)
            : Interval(
                deviation, Of(batch), [.. known.Select(Of)],
                usual => usual * ((1 + options.LeastRatio) * (1 + options.LeastRatio) - 1), Root, Root);

        static double Root(double variance) => Math.Sqrt(Math.Max(0, variance));

        static Measurement Of(ColumnStatistics column)
        {
            var mean = column.Mean ?? 0;
            var farthest = Math.Max(mean - column.Minimum!.Value, column.Maximum!.Value - mean);
            return new(Variance(column), farthest * farthest * Variance(column) / column.Values);
        }
    }

    /// <summary>By the share of rows on either side of the quantile that history has: it has the variance
    /// p (1 − p) / n whatever the numbers are.</summary>
    public Judgement Quantile(ColumnStatistics batch, IReadOnlyList<ColumnStatistics> history, double share)
    {
        var known = history.Where(column => column.Quantiles is not null).ToArray();
        double? measured = batch.Quantiles is { } quantiles ? QuantileFunction.At(quantiles, share) : null;
        if (measured is null || known.Length < options.LeastBatches)
            return Judgement.NotEnough(measured, known.Length);
        var pooled = QuantileFunction.Pool(known.Select(column => (column.Quantiles!, column.Values)));
        var usual = QuantileFunction.At(pooled, share);
        var ranks = known
            .Select(column => new Measurement(
                QuantileFunction.ShareUpTo(column.Quantiles!, usual), share * (1 - share) / column.Values))
            .ToArray();
        var (_, chance) = PredictionInterval.Of(ranks, share * (1 - share) / batch.Values, alarms);
        var reach = Math.Max(chance, options.LeastRank) + batch.RankError;
        var (low, high) = (share - reach, share + reach);
        return new(
            measured,
            new(
                low > 0 ? QuantileFunction.At(pooled, low) : null,
                high < 1 ? QuantileFunction.At(pooled, high) : null),
            known.Length,
            []);
    }

    /// <summary>By how far the end is from the median, on a logarithmic scale, outwards only. Twice as far as usual is
    /// too little to matter; only batches of half to double the size are compared.</summary>
    public Judgement End(ColumnStatistics batch, IReadOnlyList<ColumnStatistics> history, bool isMaximum)
    {
        var known = history
            .Where(column => column.Quantiles is not null && column.Maximum is not null && IsAsLarge(column, batch))
            .ToArray();
        var measured = isMaximum ? batch.Maximum : batch.Minimum;
        if (measured is null || known.Length < options.LeastBatches)
            return Judgement.NotEnough(measured, known.Length);
        // Without any spread there is no scale, and the numbers themselves must do.
        var spread = known.Average(column => column.Quantiles![38] - column.Quantiles[2]);
        var scale = spread > 0 ? spread : Math.Max(known.Max(column => Math.Abs(column.Quantiles![20])), 1);
        var (middle, chance) = PredictionInterval.Of([.. known.Select(Of)], 0, alarms);
        var reach = Math.Exp(middle + Math.Max(chance, Math.Log(2))) - scale;
        var limit = isMaximum ? Median(batch) + reach : Median(batch) - reach;
        return new(
            measured,
            !double.IsFinite(limit) ? new(null, null) : isMaximum ? new(null, limit) : new(limit, null),
            known.Length,
            []);

        Measurement Of(ColumnStatistics column) => new(
            Math.Log(scale + Math.Max(0, isMaximum
                ? column.Maximum!.Value - Median(column)
                : Median(column) - column.Minimum!.Value)),
            0);

        static double Median(ColumnStatistics column) => column.Quantiles![20];
    }

    /// <summary>On a logarithmic scale; two values more or less are too little to matter; only batches of half to
    /// double the size are compared, for more rows have more different values.</summary>
    public Judgement Cardinality(ColumnStatistics batch, IReadOnlyList<ColumnStatistics> history)
    {
        var known = history.Where(column => column.Distinct > 0 && IsAsLarge(column, batch)).ToArray();
        var sketch = batch.IsDistinctEstimate ? 4 * DistinctSketch.StandardError : 0;
        return Interval(
            batch.Distinct, Of(batch), [.. known.Select(Of)],
            usual => Math.Max(Math.Log(1 + options.LeastRatio), Math.Log(1 + 2 / Math.Exp(usual))) + sketch,
            Math.Exp, Math.Exp);

        static Measurement Of(ColumnStatistics column) => new(Math.Log(Math.Max(column.Distinct, 0.5)), 0);
    }

    /// <summary>The share of rows whose value no earlier batch has. By chance it is that of the values seen once
    /// (Good, Biometrika 40, 1953), and the number of such rows is at most that of Poisson.</summary>
    public Judgement NewCategories(ColumnStatistics batch, IReadOnlyList<ColumnStatistics> history)
    {
        var known = history.Where(column => column.Categories is not null).ToArray();
        if (known.Length < options.LeastBatches || batch.Values == 0)
            return Judgement.NotEnough(batch.Values == 0 ? 0 : null, known.Length);
        if (batch.Categories is not { } categories)
            return Judgement.TooManyCategories;
        var seen = Pool(known);
        var others = categories.Where(category => !seen.ContainsKey(category.Value)).ToArray();
        var rows = Math.Max(known.Sum(column => column.Values), 1);
        var expected = batch.Values * Math.Max(seen.Values.Count(count => count == 1), 1.0) / rows;
        var limit = MostByChance(expected);
        return new(
            (double)others.Sum(category => category.Rows) / batch.Values,
            new(null, Math.Max(options.LeastShare, (double)limit / batch.Values)),
            known.Length,
            [.. others.Take(MostNamed).Select(category => category.Value)]);
    }

    // The smallest number of rows that chance exceeds more rarely than an alarm may come, by Poisson's distribution.
    private long MostByChance(double expected)
    {
        var (few, enough) = (-1L, 1L);
        while (IsExceeded(enough))
            (few, enough) = (enough, 2 * enough);
        while (enough - few > 1)
        {
            var middle = few + ((enough - few) / 2);
            (few, enough) = IsExceeded(middle) ? (middle, enough) : (few, middle);
        }
        return enough;

        bool IsExceeded(long limit) => Gamma.LowerRegularised(limit + 1, expected) >= alarms;
    }

    /// <summary>How many categories are missing that every earlier batch has, and that this one, having as few of them
    /// as the poorest of those, would miss by chance more rarely than an alarm may come.</summary>
    public Judgement VanishedCategories(ColumnStatistics batch, IReadOnlyList<ColumnStatistics> history)
    {
        var known = history.Where(column => column.Categories is not null && column.Values > 0).ToArray();
        if (known.Length < options.LeastBatches || batch.Values == 0)
            return Judgement.NotEnough(null, known.Length);
        if (batch.Categories is not { } categories)
            return Judgement.TooManyCategories;
        var present = categories.Select(category => category.Value).ToHashSet();
        var vanished = known[0].Categories!
            .Select(category => category.Value)
            .Where(value => !present.Contains(value))
            .Where(value =>
            {
                var share = known.Min(column => (double)Of(column, value) / column.Values);
                return share >= options.LeastShare && batch.Values * Math.Log(1 - share) < Math.Log(alarms);
            })
            .Order(StringComparer.Ordinal)
            .ToArray();
        return new(vanished.Length, new(null, 0), known.Length, [.. vanished.Take(MostNamed)]);

        static long Of(ColumnStatistics column, string value) =>
            column.Categories!.FirstOrDefault(category => category.Value == value)?.Rows ?? 0;
    }

    private Judgement Interval(
        double measured,
        Measurement batch,
        IReadOnlyList<Measurement> history,
        Func<double, double> leastReach,
        Func<double, double> low,
        Func<double, double> high)
    {
        if (history.Count < options.LeastBatches)
            return Judgement.NotEnough(measured, history.Count);
        var (middle, chance) = PredictionInterval.Of(history, batch.Variance, alarms);
        var reach = Math.Max(chance, leastReach(middle));
        // Numbers near the end of a double have no limits.
        return !double.IsFinite(middle + reach) || !double.IsFinite(high(middle + reach))
            ? new(measured, new(null, null), history.Count, [])
            : new(measured, new(low(middle - reach), high(middle + reach)), history.Count, []);
    }

    private static Measurement Log(long count) => new(Math.Log(Math.Max(count, 0.5)), 1.0 / Math.Max(count, 1));

    private static Measurement Angle(ColumnStatistics column) => new(
        Math.Asin(Math.Sqrt(column.Measured(Statistic.NullRatio) ?? 0)), 1 / (4.0 * Math.Max(column.Rows, 1)));

    private static double ShareOf(double angle)
    {
        var sine = Math.Sin(Math.Clamp(angle, 0, Math.PI / 2));
        return sine * sine;
    }

    private static double Variance(ColumnStatistics column) =>
        column.StandardDeviation is { } deviation ? deviation * deviation : 0;

    private static bool IsAsLarge(ColumnStatistics column, ColumnStatistics batch) =>
        column.Values <= 2 * batch.Values && batch.Values <= 2 * column.Values;

    private static Dictionary<string, long> Pool(IEnumerable<ColumnStatistics> columns) => columns
        .SelectMany(column => column.Categories!)
        .GroupBy(category => category.Value, StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => same.Sum(category => category.Rows), StringComparer.Ordinal);
}
