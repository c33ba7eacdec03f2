namespace MLBuild.Learning.Metrics;

/// <summary>Divides counts: 0 / 0 is missing, where other libraries answer 0 or 1.</summary>
internal static class Ratio
{
    /// <param name="part">The counted rows.</param>
    /// <param name="whole">Those they are a share of.</param>
    /// <param name="whyNothing">A clause for a whole of 0: "no row is positive".</param>
    public static MetricValue Of(long part, long whole, string whyNothing) => whole == 0
        ? new MetricValue.Missing(whyNothing)
        : MetricValue.Of((double)part / whole);
}
