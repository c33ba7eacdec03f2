using MLBuild.Engine.Inspection;

namespace MLBuild.Engine.Stages;

/// <summary>Says now and then how far a piece of work is, and how long it will still take at this pace.</summary>
internal sealed class StageProgress(StageLog log, TimeProvider clock)
{
    // A line for each second of an hour is no help to whoever reads a log.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private (long Done, long At)? _first;
    private long _saidAt;

    public void Report(long done, long of, string what)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (_first is not { } first || done < first.Done)
            {
                (_first, _saidAt) = ((done, now), now);
                return;
            }
            if (clock.GetElapsedTime(_saidAt, now) < Pause || done == first.Done)
                return;
            _saidAt = now;
            var left = clock.GetElapsedTime(first.At, now) * ((double)(of - done) / (done - first.Done));
            log.Line($"{what}, about {Wording.Duration(left)} left");
        }
    }
}
