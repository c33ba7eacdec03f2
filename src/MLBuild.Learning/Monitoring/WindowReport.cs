using System.Text.Json.Serialization;
using MLBuild.Learning.Drift;

namespace MLBuild.Learning.Monitoring;

/// <summary>What a window says about the model that serves. The later ones of drift, degraded and bad data hide the
/// earlier: each explains them.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WindowVerdict>))]
public enum WindowVerdict
{
    /// <summary>The rows look like those the model was trained on, and its predictions are as good as they were, as far
    /// as labels are waited for.</summary>
    Fine,

    /// <summary>Features or predictions have moved by more than chance and more than a little.</summary>
    Drift,

    /// <summary>Predictions are worse than on held-out rows, or a business metric is beyond its limit.</summary>
    Degraded,

    /// <summary>The rows break the contract, or too many lines cannot be read: mend the data, and do not learn from
    /// it.</summary>
    BadData,

    /// <summary>There are too few rows or labels to say.</summary>
    NotEnoughData,
}

/// <summary>Everything that was found in one window.</summary>
/// <param name="Rows">That satisfy the contract; only they are compared.</param>
/// <param name="Raised">All of drift, degraded and bad data that was found.</param>
/// <param name="Findings">Why, in words.</param>
public sealed record WindowReport(
    Window Window, int Version, WindowVerdict Verdict, IReadOnlyList<WindowVerdict> Raised,
    IReadOnlyList<string> Findings, long Rows, QualityReport Quality, DriftReport Drift, PerformanceReport Performance,
    IReadOnlyList<MetricReport> Metrics)
{
    /// <summary>Judges a window by all that was measured in it.</summary>
    public static WindowReport Of(
        Window window, int version, long rows, QualityReport quality, DriftReport drift,
        PerformanceReport performance, IReadOnlyList<MetricReport> metrics)
    {
        WindowVerdict[] raised =
        [
            .. Raise(drift.Verdict == DriftVerdict.Drift, WindowVerdict.Drift),
            .. Raise(
                performance.Verdict == PerformanceVerdict.Degraded
                    || metrics.Any(metric => metric.Verdict == MetricVerdict.Beyond),
                WindowVerdict.Degraded),
            .. Raise(quality.IsBad, WindowVerdict.BadData),
        ];
        // What is raised by few rows is raised; that nothing is, says something only of enough.
        var verdict = raised.Length > 0 ? raised[^1]
            : drift.Verdict == DriftVerdict.None
                && performance.Verdict is PerformanceVerdict.Fine or PerformanceVerdict.NotAsked ? WindowVerdict.Fine
            : WindowVerdict.NotEnoughData;
        return new(
            window, version, verdict, raised, [.. Why(rows, quality, drift, performance, metrics)], rows, quality,
            drift, performance, metrics);

        static WindowVerdict[] Raise(bool holds, WindowVerdict what) => holds ? [what] : [];
    }

    private static IEnumerable<string> Why(
        long rows, QualityReport quality, DriftReport drift, PerformanceReport performance,
        IReadOnlyList<MetricReport> metrics) =>
    [
        .. quality.Faults.Select(fault => fault + "."),
        .. rows == 0 ? ["no row satisfies the contract."] : (string[])[],
        .. performance.Verdict == PerformanceVerdict.Degraded
            || (performance.Verdict == PerformanceVerdict.NotEnoughData && rows > 0)
            ? [performance.Sentence()]
            : (string[])[],
        .. metrics.Where(metric => metric.Verdict == MetricVerdict.Beyond).Select(metric => metric.Sentence()),
        .. rows == 0
            ? []
            : drift.Features.Where(feature => feature.Verdict is DriftVerdict.Drift or DriftVerdict.NotEnoughData)
                .OrderBy(feature => feature.Verdict)
                .ThenByDescending(feature => (feature as FeatureDrift.Measured)?.Psi.EffectSize ?? 0)
                .Select(feature => feature.Sentence()),
    ];
}
