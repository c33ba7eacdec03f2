using System.Text.Json.Serialization;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Monitoring;

/// <summary>What a window's labels say of the predictions.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PerformanceVerdict>))]
public enum PerformanceVerdict
{
    /// <summary>There are enough labels to see errors grow by the margin, and they have not.</summary>
    Fine,

    /// <summary>Errors are larger than on held-out rows, by more than chance and more than the margin; or a prediction
    /// is no number.</summary>
    Degraded,

    /// <summary>Too few labels have arrived to say.</summary>
    NotEnoughData,

    /// <summary>No labels are waited for: nothing is measured.</summary>
    NotAsked,
}

/// <summary>A mean and the two ends between which it lies at 95 %.</summary>
public sealed record MeanAndEnds(MetricValue Mean, MetricValue Low, MetricValue High)
{
    internal static MeanAndEnds Of(double mean, double standardError)
    {
        var reach = NormalDistribution.Quantile(0.975) * standardError;
        return new(MetricValue.Of(mean), MetricValue.Of(mean - reach), MetricValue.Of(mean + reach));
    }

    internal static MeanAndEnds Missing(string reason)
    {
        var missing = new MetricValue.Missing(reason);
        return new(missing, missing, missing);
    }
}

/// <summary>How wrong the predictions of a window are: measured where labels have arrived, and estimated for all rows,
/// which are two things and are never mixed.</summary>
/// <param name="Error">What is averaged: "mean absolute error".</param>
/// <param name="Rows">Predictions in the window.</param>
/// <param name="Labelled">Those whose label has arrived; only they are measured.</param>
/// <param name="Reference">The mean over held-out rows.</param>
/// <param name="Measured">The mean over rows with a label.</param>
/// <param name="Estimated">What the mean over all rows would be if rows of one prediction were still as wrong as they
/// were among those held out. It sees that other rows come, and is blind to what the same rows turn into.</param>
/// <param name="LabelsNeeded">About how many it takes to see a rise by the margin.</param>
public sealed record PerformanceReport(
    string Error, long Rows, long Labelled, PerformanceVerdict Verdict, MeanAndEnds Reference, MeanAndEnds Measured,
    MeanAndEnds Estimated, long LabelsNeeded)
{
    private const string HeldOut = "held-out rows";
    private const string WithLabel = "rows with a label";

    /// <summary>Why no mean can be told, and the predictions are <see cref="PerformanceVerdict.Degraded"/> for it: some
    /// are not finite, or have no finite error. Null where there is none.</summary>
    public string? NonFinite { get; init; }

    /// <summary>The share of the rows whose label has arrived, 0..1; 0 of none.</summary>
    public double Coverage => Rows == 0 ? 0 : (double)Labelled / Rows;

    /// <param name="isAsked">Whether labels are waited for.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static PerformanceReport Of(
        ErrorProfile held, ErrorTally window, PerformanceOptions options, bool isAsked)
    {
        options.Validate();
        var z = NormalDistribution.Quantile(1 - options.Significance);
        var (reference, errors) = (held.Errors, window.Errors);
        var spread = reference.Count == 0 ? 0 : reference.Variance / reference.Count;
        var allowed = options.Margin * reference.Mean;
        // Solves z √(variance / labels + spread) = allowed, with the variance of the held-out rows.
        var perLabel = (allowed / z * (allowed / z)) - spread;
        var needed = perLabel > 0
            ? Math.Max(options.MinLabelled, (long)Math.Ceiling(reference.Variance / perLabel))
            : long.MaxValue;
        var nonFinite = NonFinitePredictions(window) ?? NonFiniteErrors(errors, WithLabel)
            ?? NonFiniteErrors(reference, HeldOut);
        return new(
            PredictionError.MeanName(held.Task), window.Rows, window.Labelled, Verdict(),
            Mean(reference, HeldOut), Mean(errors, WithLabel), Estimate(held, window), needed)
        { NonFinite = nonFinite };

        PerformanceVerdict Verdict()
        {
            if (nonFinite is not null)
                return PerformanceVerdict.Degraded;
            if (!isAsked)
                return PerformanceVerdict.NotAsked;
            if (window.Labelled < options.MinLabelled || reference.Count < options.MinLabelled
                || window.Labelled < options.MinCoverage * window.Rows)
                return PerformanceVerdict.NotEnoughData;
            var reach = z * Math.Sqrt((errors.Variance / errors.Count) + spread);
            var rise = errors.Mean - reference.Mean;
            return rise > allowed && rise > reach ? PerformanceVerdict.Degraded
                : reach > allowed ? PerformanceVerdict.NotEnoughData
                : PerformanceVerdict.Fine;
        }
    }

    /// <summary>The finding in one line, for people.</summary>
    public string Sentence()
    {
        var labels = FormattableString.Invariant($"labels of {Labelled:N0} of {Rows:N0} rows ({Coverage * 100:F0} %)");
        var held = $"on held-out rows {Text(Reference)}";
        var estimate = $"estimated without labels {Text(Estimated)}";
        return Verdict switch
        {
            PerformanceVerdict.Fine => $"{Error} {Text(Measured)}, {held}; {labels}; {estimate}.",
            PerformanceVerdict.Degraded when NonFinite is not null =>
                $"{Error} cannot be told: {NonFinite}; {held}; {labels}.",
            PerformanceVerdict.Degraded => $"{Error} has grown to {Text(Measured)}, {held}; {labels}; {estimate}.",
            PerformanceVerdict.NotEnoughData =>
                $"{Error} is not known: {labels}, it takes about {Needed}; so far {Text(Measured)}, {held}; "
                + $"{estimate}.",
            PerformanceVerdict.NotAsked => $"{Error} {estimate}; {held}.",
            _ => throw new InvalidOperationException($"BUG: unknown verdict {Verdict}."),
        };
    }

    private string Needed => LabelsNeeded == long.MaxValue
        ? "more held-out rows"
        : FormattableString.Invariant($"{LabelsNeeded:N0}");

    private static string? NonFinitePredictions(ErrorTally window) => window.NonFinite > 0
        ? FormattableString.Invariant($"{window.NonFinite:N0} of {window.Rows:N0} predictions are not finite")
        : null;

    private static string? NonFiniteErrors(SumTally sum, string of) => sum.NonFinite > 0
        ? FormattableString.Invariant($"{sum.NonFinite:N0} of {sum.Count + sum.NonFinite:N0} {of} ")
            + "have no finite error"
        : null;

    private static MeanAndEnds Mean(SumTally sum, string of) =>
        NonFiniteErrors(sum, of) is { } reason ? MeanAndEnds.Missing(reason)
        : sum.Count == 0 ? MeanAndEnds.Missing($"there are no {of}")
        : MeanAndEnds.Of(sum.Mean, Math.Sqrt(sum.Variance / sum.Count));

    // Its variance: of the mean of each bin among the held-out rows, and of so many errors about these means.
    private static MeanAndEnds Estimate(ErrorProfile held, ErrorTally window)
    {
        if (NonFinitePredictions(window) is { } reason)
            return MeanAndEnds.Missing(reason);
        if (window.Rows == 0)
            return MeanAndEnds.Missing("there are no rows");
        var (mean, variance) = (0.0, 0.0);
        for (var bin = 0; bin < held.Bins.Length; bin++)
        {
            var (share, errors) = ((double)window.Levels[bin] / window.Rows, held.Bins[bin]);
            if (share == 0)
                continue;
            if (errors.Count < 2)
                return MeanAndEnds.Missing("too few rows were held out that were predicted as these are");
            mean += share * errors.Mean;
            variance += (share * share * errors.Variance / errors.Count) + (share * errors.Variance / window.Rows);
        }
        return MeanAndEnds.Of(mean, Math.Sqrt(variance));
    }

    private static string Text(MeanAndEnds mean) => (mean.Mean, mean.Low, mean.High) is
        (MetricValue.Value { Number: var middle }, MetricValue.Value { Number: var low },
            MetricValue.Value { Number: var high })
        ? FormattableString.Invariant($"{middle:G4} ({low:G4} to {high:G4})")
        : $"{mean.Mean}";
}
