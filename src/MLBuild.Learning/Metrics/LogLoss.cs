namespace MLBuild.Learning.Metrics;

/// <summary>The logarithmic loss of one row in nats, −ln of the probability that was given to what happened.</summary>
internal static class LogLoss
{
    /// <summary>The loss where it happened.</summary>
    public static double OfEvent(double probability) => -Math.Log(probability);

    /// <summary>The loss where it did not happen, −ln(1 − probability), accurate also where 1 − probability rounds to
    /// 1.</summary>
    /// <remarks>As probability · ln(u) / (u − 1) with u the rounded 1 − probability: that quotient changes slowly, so
    /// the rounding hardly matters to it. Goldberg, "What every computer scientist should know about floating-point
    /// arithmetic", ACM Computing Surveys 23, 1991, theorem 4.</remarks>
    public static double OfNoEvent(double probability)
    {
        var rest = 1 - probability;
        return rest switch
        {
            1 => probability,
            0 => double.PositiveInfinity,
            _ => Math.Log(rest) * (probability / (rest - 1)),
        };
    }

    /// <summary>Why there is no mean loss where some rows have an infinite one.</summary>
    public static MetricValue.Missing Infinite(long zeroProbabilityCount, long count) => new(
        $"{zeroProbabilityCount} of {count} rows have probability 0 for their label, so the log-loss is infinite");
}
