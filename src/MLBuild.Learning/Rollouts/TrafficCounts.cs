using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MLBuild.Learning.Rollouts;

/// <summary>What happened to the requests that one version got, of each key the first that was answered or failed: who
/// sends the same again is no further evidence, and a request without a key none. Counts of several servers add up; so
/// do those of a server that was killed and the one that took its place.</summary>
/// <param name="Answered">Requests with an answer.</param>
/// <param name="Failed">Requests without one, for a reason that is not in the request: the model scored no number, the
/// server gave up.</param>
/// <param name="Latencies">Answered requests by <see cref="LatencyBins"/>.</param>
/// <param name="Scores">The first scored row of each request by <see cref="ScoreBins"/>, which follow from the
/// champion's golden rows. One of each, as the rows of a batch are alike: it is requests that are independent.</param>
public sealed record TrafficCounts(
    long Answered, long Failed, ImmutableArray<long> Latencies, ImmutableArray<long> Scores)
{
    /// <summary>So many keys of one version a server remembers in a step, and counts no more then: many times as many
    /// as looks need, in 2 MB.</summary>
    public const int MostKeys = 131_072;

    [JsonIgnore]
    public long Requests => Answered + Failed;

    public static TrafficCounts None(int scoreBins) =>
        new(0, 0, Zeros(LatencyBins.Count), Zeros(scoreBins));

    /// <exception cref="ArgumentException">The two were counted in other bins.</exception>
    public TrafficCounts Plus(TrafficCounts other) => new(
        Answered + other.Answered, Failed + other.Failed,
        Sum(Latencies, other.Latencies), Sum(Scores, other.Scores));

    private static ImmutableArray<long> Zeros(int count) => [.. new long[count]];

    private static ImmutableArray<long> Sum(ImmutableArray<long> one, ImmutableArray<long> other) =>
        one.Length == other.Length
            ? [.. one.Zip(other, (a, b) => a + b)]
            : throw new ArgumentException(
                $"Counts of {one.Length} and of {other.Length} bins cannot be added: they are of two programs.");
}
