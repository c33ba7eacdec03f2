namespace MLBuild.Learning.Rollouts;

/// <summary>The bins into which answer times are counted, the same on every server, so that counts of several can be
/// added: each is a fifth wider than the one before, from 0.1 ms to about a minute.</summary>
public static class LatencyBins
{
    private const double FirstEdgeMilliseconds = 0.1;
    private const double Growth = 1.2;

    // The last bin has no upper edge.
    public const int Count = 75;

    public static int BinOf(TimeSpan latency)
    {
        var milliseconds = latency.TotalMilliseconds;
        return milliseconds <= FirstEdgeMilliseconds
            ? 0
            : Math.Min(Count - 1, (int)Math.Ceiling(Math.Log(milliseconds / FirstEdgeMilliseconds, Growth)));
    }

    /// <summary>The longest time of a bin, in milliseconds; infinite for the last.</summary>
    public static double UpperEdgeMilliseconds(int bin) =>
        bin == Count - 1 ? double.PositiveInfinity : FirstEdgeMilliseconds * Math.Pow(Growth, bin);
}
