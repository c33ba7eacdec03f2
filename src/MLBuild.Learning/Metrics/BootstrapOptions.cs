namespace MLBuild.Learning.Metrics;

/// <summary>How a bootstrap is drawn.</summary>
public sealed record BootstrapOptions
{
    /// <summary>How many resamples are measured, 99..1,000,000, and at least ten of them beyond each end of the
    /// interval. Default 1999: the ends of a 95 % interval are then its 50th values from below and above (Davison and
    /// Hinkley, Bootstrap Methods and their Application, 1997, section 2.4).</summary>
    public int Resamples { get; init; } = 1999;

    /// <summary>How often the interval holds the true value, 0.5..0.999. Default 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Which resamples are drawn; equal seeds draw equal ones. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many resamples are measured at once, 1..1024. Default 1. It changes no result; above 1 the metric
    /// is computed on several threads.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How many of the resamples, at least, lie at or beyond each end.</summary>
    // Of a confidence such as 0.9 the rest is not exact; that must not cost a whole resample.
    internal int BeyondEachEnd => (int)Math.Floor((Resamples + 1.0) * (1 - Confidence) / 2 + 1e-9);

    /// <exception cref="ArgumentException">Options are out of range; all of them are named.</exception>
    internal void Check()
    {
        var wrong = Wrong().ToArray();
        if (wrong.Length > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, wrong));
    }

    private IEnumerable<string> Wrong()
    {
        var isConfidence = Confidence is >= 0.5 and <= 0.999;
        if (!isConfidence)
            yield return FormattableString.Invariant($"Confidence is {Confidence}; expected a number in 0.5..0.999.");
        if (Resamples is not (>= 99 and <= 1_000_000))
            yield return $"Resamples is {Resamples}; expected a number in 99..1000000.";
        else if (isConfidence && BeyondEachEnd < 10)
            yield return FormattableString.Invariant(
                $"Resamples is {Resamples}, which leaves {BeyondEachEnd} beyond each end of the interval; ")
                + $"expected at least 10. Draw {(int)Math.Ceiling(20 / (1 - Confidence))} or lower Confidence.";
        if (Threads is not (>= 1 and <= 1024))
            yield return $"Threads is {Threads}; expected a number in 1..1024.";
    }
}
