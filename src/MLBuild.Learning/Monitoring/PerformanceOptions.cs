namespace MLBuild.Learning.Monitoring;

/// <summary>When predictions are worse than they were on held-out rows. Both must hold: chance is an unlikely
/// explanation, and they are by so much worse.</summary>
public sealed record PerformanceOptions
{
    /// <summary>By how much larger the mean error may be than on held-out rows, as a share of that. Above 0, default
    /// 0.2.</summary>
    public double Margin { get; init; } = 0.2;

    /// <summary>How often a window in which nothing has changed is said to be worse; for each business metric also.
    /// Above 0, below 0.5, default 0.01.</summary>
    public double Significance { get; init; } = 0.01;

    /// <summary>Rows with a label that a window needs. From 30, default 100.</summary>
    public long MinLabelled { get; init; } = 100;

    /// <summary>The share of a window's rows whose label must have arrived: the first to arrive are seldom like the
    /// others. 0 to 1, default 0.5.</summary>
    public double MinCoverage { get; init; } = 0.5;

    /// <exception cref="ArgumentException">A member is out of its range; all of them are named.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Margin is not (> 0 and < double.PositiveInfinity))
            faults.Add(FormattableString.Invariant($"Margin is {Margin}, expected a finite number above 0"));
        if (Significance is not (> 0 and < 0.5))
            faults.Add(FormattableString.Invariant($"Significance is {Significance}, expected above 0 and below 0.5"));
        if (MinLabelled < 30)
            faults.Add($"MinLabelled is {MinLabelled}, expected at least 30");
        if (MinCoverage is not (>= 0 and <= 1))
            faults.Add(FormattableString.Invariant($"MinCoverage is {MinCoverage}, expected 0 to 1"));
        if (faults.Count > 0)
            throw new ArgumentException($"PerformanceOptions: {string.Join("; ", faults)}.");
    }
}
