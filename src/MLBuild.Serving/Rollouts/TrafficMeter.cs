using System.Collections.Immutable;
using MLBuild.Learning.Rollouts;

namespace MLBuild.Serving.Rollouts;

/// <summary>Counts what becomes of the requests that one version gets, from any number of threads.</summary>
internal sealed class TrafficMeter(ScoreBins bins)
{
    private readonly long[] _latencies = new long[LatencyBins.Count];
    private readonly long[] _scores = new long[bins.Count];
    private long _failed;

    /// <param name="scores">Of the request's first row, which names the request. Rows of a batch are alike: counted one
    /// by one, a large batch would outvote all other requests.</param>
    public void CountAnswer(TimeSpan latency, ReadOnlySpan<float> scores)
    {
        Interlocked.Increment(ref _scores[bins.BinOf(scores)]);
        Interlocked.Increment(ref _latencies[LatencyBins.BinOf(latency)]);
    }

    public void CountFailure() => Interlocked.Increment(ref _failed);

    // Read while others count: the score of a request may be there and its latency not yet, which is there next time.
    // What was answered is what the copied latencies say, so that these two always agree.
    public TrafficCounts Read()
    {
        ImmutableArray<long> latencies = [.. _latencies];
        return new(latencies.Sum(), Volatile.Read(ref _failed), latencies, [.. _scores]);
    }
}

/// <summary>What both versions of a rollout do during one of its steps.</summary>
/// <param name="Step">The position of the entry of the rollout's log that began it.</param>
internal sealed record StepMeters(int Step, TrafficMeter Champion, TrafficMeter Candidate)
{
    public static StepMeters Begin(int step, ScoreBins bins) => new(step, new(bins), new(bins));
}
