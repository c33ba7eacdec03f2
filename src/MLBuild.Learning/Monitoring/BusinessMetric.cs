using System.Text.Json.Serialization;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Monitoring;

/// <summary>What predictions are worth, in words of those who use them: a mean over the rows of a window whose label
/// has arrived.</summary>
/// <param name="Name">"share of quotes within 10 %".</param>
/// <param name="Unit">"dollars per trip"; empty for a share.</param>
/// <param name="Of">The worth of one row: 1 or 0 for a share. It is given the row, its label included, and the
/// prediction: the number, the probability, or the position of the likeliest class.</param>
public sealed record BusinessMetric<TRow>(string Name, string Unit, Func<TRow, double, double> Of)
{
    /// <summary>The smallest mean that is good; null, the default, sets no limit.</summary>
    public double? Min { get; init; }

    /// <summary>The largest mean that is good; null, the default, sets no limit.</summary>
    public double? Max { get; init; }
}

/// <summary>The business metrics of a model.</summary>
public static class BusinessMetrics
{
    /// <summary>A limit that nothing is beyond, or everything, would say nothing; metrics of one name would have one
    /// sum.</summary>
    /// <exception cref="ArgumentException">A name or a limit is none; all faults are named.</exception>
    public static void Validate<TRow>(IReadOnlyList<BusinessMetric<TRow>> metrics)
    {
        string[] faults =
        [
            .. metrics.SelectMany(Faults),
            .. metrics.GroupBy(metric => metric.Name, StringComparer.Ordinal).Where(same => same.Count() > 1)
                .Select(same => $"{same.Count()} are named '{same.Key}', expected a name for each"),
        ];
        if (faults.Length > 0)
            throw new ArgumentException($"Business metrics: {string.Join("; ", faults)}.");
    }

    /// <summary>The worth of one row by each metric.</summary>
    /// <param name="labelled">The row, its label included.</param>
    /// <param name="into">As many as there are metrics.</param>
    public static void Measure<TRow>(
        IReadOnlyList<BusinessMetric<TRow>> metrics, TRow labelled, double predicted, Span<double> into)
    {
        for (var i = 0; i < metrics.Count; i++)
            into[i] = metrics[i].Of(labelled, predicted);
    }

    private static IEnumerable<string> Faults<TRow>(BusinessMetric<TRow> metric, int index)
    {
        if (string.IsNullOrWhiteSpace(metric.Name))
            yield return FormattableString.Invariant($"that at position {index + 1} has no name, expected one");
        if (metric.Min is { } min && !double.IsFinite(min))
            yield return FormattableString.Invariant(
                $"Min of '{metric.Name}' is {min}, expected a finite number, or null");
        if (metric.Max is { } max && !double.IsFinite(max))
            yield return FormattableString.Invariant(
                $"Max of '{metric.Name}' is {max}, expected a finite number, or null");
        if (metric.Min > metric.Max)
            yield return FormattableString.Invariant(
                $"Min of '{metric.Name}' is {metric.Min}, expected at most its Max {metric.Max}");
    }
}

/// <summary>What a window's rows say of a business metric.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MetricVerdict>))]
public enum MetricVerdict
{
    /// <summary>Within its limits, as far as one can tell.</summary>
    Fine,

    /// <summary>Beyond a limit, by more than chance; or the metric of a row is no number.</summary>
    Beyond,

    /// <summary>Too few labels have arrived to say.</summary>
    NotEnoughData,
}

/// <summary>A business metric over one window.</summary>
/// <param name="Rows">With a label.</param>
/// <param name="Reference">The same over held-out rows.</param>
public sealed record MetricReport(
    string Name, string Unit, long Rows, MeanAndEnds Value, MetricValue Reference, double? Min, double? Max,
    MetricVerdict Verdict)
{
    /// <param name="hasLabels">Whether enough labels have arrived.</param>
    public static MetricReport Of<TRow>(
        BusinessMetric<TRow> metric, SumTally reference, SumTally window, PerformanceOptions options, bool hasLabels)
    {
        var reach = window.Count == 0
            ? 0
            : NormalDistribution.Quantile(1 - options.Significance) * Math.Sqrt(window.Variance / window.Count);
        var verdict = window.NonFinite > 0 ? MetricVerdict.Beyond
            : !hasLabels || window.Count == 0 ? MetricVerdict.NotEnoughData
            : window.Mean + reach < metric.Min || window.Mean - reach > metric.Max ? MetricVerdict.Beyond
            : MetricVerdict.Fine;
        return new(
            metric.Name, metric.Unit, window.Count + window.NonFinite,
            window.NonFinite > 0 ? MeanAndEnds.Missing($"it is no number for {window.NonFinite} rows")
                : window.Count == 0 ? MeanAndEnds.Missing("no row has a label")
                : MeanAndEnds.Of(window.Mean, Math.Sqrt(window.Variance / window.Count)),
            reference.Count == 0 ? new MetricValue.Missing("no row was held out") : MetricValue.Of(reference.Mean),
            metric.Min, metric.Max, verdict);
    }

    /// <summary>The finding in one line, for people.</summary>
    public string Sentence()
    {
        var limits = (Min, Max) switch
        {
            ({ } min, { } max) => FormattableString.Invariant($", limits {min} to {max}"),
            ({ } min, null) => FormattableString.Invariant($", at least {min}"),
            (null, { } max) => FormattableString.Invariant($", at most {max}"),
            _ => "",
        };
        var value = Value.Mean is MetricValue.Value { Number: var mean }
            ? FormattableString.Invariant($"{mean:G4}") + (Unit == "" ? "" : $" {Unit}")
            : $"{Value.Mean}";
        var held = Reference is MetricValue.Value { Number: var on }
            ? FormattableString.Invariant($"; on held-out rows {on:G4}")
            : "";
        return Verdict switch
        {
            MetricVerdict.Fine => $"{Name}: {value}{limits}{held}.",
            MetricVerdict.Beyond => $"{Name}: {value}, beyond its limit{limits}{held}.",
            MetricVerdict.NotEnoughData => $"{Name}: not enough labels; so far {value}{limits}{held}.",
            _ => throw new InvalidOperationException($"BUG: unknown verdict {Verdict}."),
        };
    }
}
