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
