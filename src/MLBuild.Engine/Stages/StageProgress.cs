using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;

namespace MLBuild.Engine.Stages;

/// <summary>Says now and then how far a piece of work is, and how long it will still take at this pace.</summary>
internal sealed class StageProgress(StageLog log, TimeProvider clock)
{
    // A line for each second of an hour is no help to whoever reads a log.
    private static readonly TimeSpan LinePause = TimeSpan.FromSeconds(5);

    // As often as a number that runs can be read.
    private static readonly TimeSpan GlancePause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private (long Done, long At)? _first;
    private long _lineAt;
    private long _saidAt;

    public void Report(long done, long of, string what)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (_first is not { } first || done < first.Done)
            {
                (_first, _lineAt, _saidAt) = ((done, now), now, now);
                return;
            }
            var pace = clock.GetElapsedTime(_lineAt, now) < LinePause ? ProgressPace.Glance : ProgressPace.Line;
            if (done == first.Done
                || (pace == ProgressPace.Glance && clock.GetElapsedTime(_saidAt, now) < GlancePause))
                return;
            (_lineAt, _saidAt) = (pace == ProgressPace.Line ? now : _lineAt, now);
            var left = clock.GetElapsedTime(first.At, now) * ((double)(of - done) / (done - first.Done));
            log.Progress($"{what}, about {Wording.Duration(left)} left", pace);
        }
    }
}
