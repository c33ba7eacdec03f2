using System.Collections.Immutable;
using MLBuild.Learning.Rollouts;
using MLBuild.Learning.Rows;
using MLBuild.Registry;

namespace MLBuild.Serving.Rollouts;

/// <summary>Counts what becomes of the requests that one version gets, from any number of threads. Each key counts
/// once, and a request without a key, which only ever goes to the champion, not at all.</summary>
internal sealed class TrafficMeter(ScoreBins bins)
{
    private readonly long[] _latencies = new long[LatencyBins.Count];
    private readonly long[] _scores = new long[bins.Count];
    private readonly SeenKeys _keys = new();
    private long _failed;

    /// <param name="key">Of the request; null where it cannot be told.</param>
    /// <param name="scores">Of the request's first row, which names the request. Rows of a batch are alike: counted one
    /// by one, a large batch would outvote all other requests.</param>
    public void CountAnswer(RowKey? key, TimeSpan latency, ReadOnlySpan<float> scores)
    {
        if (key is not { } counted || !_keys.Add(counted))
            return;
        Interlocked.Increment(ref _scores[bins.BinOf(scores)]);
        Interlocked.Increment(ref _latencies[LatencyBins.BinOf(latency)]);
    }

    public void CountFailure(RowKey? key)
    {
        if (key is { } counted && _keys.Add(counted))
            Interlocked.Increment(ref _failed);
    }

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
/// <param name="Champion">Where the candidate answers all: what the champion did in the step before.</param>
internal sealed record StepMeters(int Step, TrafficMeter Champion, TrafficMeter Candidate)
{
    /// <param name="before">Of an earlier step of the same rollout; null where this server knows of none.</param>
    // Who gets nothing to answer cannot be compared with: what the champion did last is kept. What it is still
    // answering when the step begins goes there too.
    public static StepMeters Begin(ActiveRollout rollout, StepMeters? before, ScoreBins bins) => new(
        rollout.Last.Position,
        rollout is { Strategy: RolloutStrategy.Canary, Percent: 100 } && before is not null
            ? before.Champion
            : new(bins),
        new(bins));
}
