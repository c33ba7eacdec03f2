using MLBuild.Learning.Rollouts;

namespace MLBuild.Serving.Rollouts;

/// <summary>Counts what becomes of the requests that one version gets, from any number of threads.</summary>
internal sealed class TrafficMeter(ScoreBins bins)
{
    private readonly long[] _latencies = new long[LatencyBins.Count];
    private readonly long[] _scores = new long[bins.Count];
    private long _answered;
    private long _failed;

    /// <param name="scores">Row after row.</param>
    /// <param name="scoreCount">Scores of a row.</param>
    public void CountAnswer(TimeSpan latency, ReadOnlySpan<float> scores, int scoreCount)
    {
        for (var i = 0; i < scores.Length; i += scoreCount)
            Interlocked.Increment(ref _scores[bins.BinOf(scores.Slice(i, scoreCount))]);
        Interlocked.Increment(ref _latencies[LatencyBins.BinOf(latency)]);
        Interlocked.Increment(ref _answered);
    }

    public void CountFailure() => Interlocked.Increment(ref _failed);

    // Read while others count: a request may be in one count and not yet in another, and is in all of them next time.
    public TrafficCounts Read() =>
        new(Volatile.Read(ref _answered), Volatile.Read(ref _failed), [.. _latencies], [.. _scores]);
}

/// <summary>What both versions of a rollout do during one of its steps.</summary>
/// <param name="Step">The position of the entry of the rollout's log that began it.</param>
internal sealed record StepMeters(int Step, TrafficMeter Champion, TrafficMeter Candidate)
{
    public static StepMeters Begin(int step, ScoreBins bins) => new(step, new(bins), new(bins));
}
