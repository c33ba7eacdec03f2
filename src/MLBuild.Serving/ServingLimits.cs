using System.Globalization;

namespace MLBuild.Serving;

/// <summary>How much a server takes at once, and how long it waits.</summary>
public sealed record ServingLimits
{
    /// <summary>Longest request body, in bytes. 1 to 100,000,000, default 1,048,576.</summary>
    public int MaxBodyBytes { get; init; } = 1 << 20;

    /// <summary>Most rows of one request. 1 to 100,000, default 1,000.</summary>
    public int MaxRows { get; init; } = 1_000;

    /// <summary>Requests whose rows are scored at the same time. 1 to 1,000, default as many as there are
    /// cores.</summary>
    public int MaxScoring { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 1_000);

    /// <summary>Requests that wait for one of those; the next is told to come again. 0 to 100,000, default
    /// 1,000.</summary>
    public int MaxWaiting { get; init; } = 1_000;

    /// <summary>Connections at the same time; the next is closed at once. 1 to 100,000, default 2,000.</summary>
    public int MaxConnections { get; init; } = 2_000;

    /// <summary>How long a request's headers may take, its body behind them, and then its turn and its scores together,
    /// which is looked at before every sixteenth row. 0.1 s to 10 min, default 10 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server that is told to stop goes on taking requests, while it says that it is not ready:
    /// what sends it requests has to see that. For as long it has to have seen another server answer before one of
    /// other feature code stops being ready. 0 to 5 min, default 1 s.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server that is told to stop needs at most: it drains, and ends the requests that have
    /// begun.</summary>
    // Headers, body, and turn with scores may each take the time of a request, and what is logged has to be written.
    internal TimeSpan StopTimeout => DrainTime + 3 * RequestTimeout + TimeSpan.FromSeconds(5);

    /// <summary>What is out of range, for people.</summary>
    internal IEnumerable<string> Faults()
    {
        List<string?> faults =
        [
            Fault(MaxBodyBytes is >= 1 and <= 100_000_000, nameof(MaxBodyBytes), MaxBodyBytes, "1 to 100000000"),
            Fault(MaxRows is >= 1 and <= 100_000, nameof(MaxRows), MaxRows, "1 to 100000"),
            Fault(MaxScoring is >= 1 and <= 1_000, nameof(MaxScoring), MaxScoring, "1 to 1000"),
            Fault(MaxWaiting is >= 0 and <= 100_000, nameof(MaxWaiting), MaxWaiting, "0 to 100000"),
            Fault(MaxConnections is >= 1 and <= 100_000, nameof(MaxConnections), MaxConnections, "1 to 100000"),
            Fault(
                RequestTimeout >= TimeSpan.FromSeconds(0.1) && RequestTimeout <= TimeSpan.FromMinutes(10),
                nameof(RequestTimeout), RequestTimeout, "0.1 s to 10 min"),
            Fault(
                DrainTime >= TimeSpan.Zero && DrainTime <= TimeSpan.FromMinutes(5),
                nameof(DrainTime), DrainTime, "0 s to 5 min"),
        ];
        return faults.OfType<string>();
    }

    internal static string? Fault(bool holds, string member, object value, string expected) => holds
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{member} is {value}, expected {expected}");
}
