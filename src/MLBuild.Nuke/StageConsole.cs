using System.Collections.Concurrent;
using System.Threading.Channels;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Nuke;

/// <summary>Keeps each stage's lines until its turn on the console comes, so that the lines of stages that run side by
/// side are never mixed. How far they are is shown at once where a terminal can show it below the rest.</summary>
/// <param name="usual">How long a piece of work usually takes, if that is known; asked only where it is shown.</param>
internal sealed class StageConsole(TimeProvider clock, Func<StageUnit, TimeSpan?> usual) : IRunObserver, IDisposable
{
    private readonly ConcurrentDictionary<StageName, Channel<string>> _lines = new();
    private readonly List<string> _atWork = [];

    // Looked for when there is something to show: most runs have nothing.
    private readonly Lazy<LiveWork?> _live = new(() =>
        LiveLines.OfThisConsole() is { } lines ? new(lines, usual, clock) : null);

    /// <summary>The pieces of work that run now, in the order in which they began.</summary>
    public IReadOnlyList<string> AtWork
    {
        get
        {
            lock (_atWork)
                return [.. _atWork];
        }
    }

    public void Running(StageUnit unit, Verdict verdict)
    {
        lock (_atWork)
            _atWork.Add(unit.Name);
        _live.Value?.Begin(unit);
        switch (verdict)
        {
            // A stage with a thousand files would say a thousand times that it was never built.
            case Verdict.NeverBuilt when unit.Partition is not null:
            case Verdict.Effect:
                break;
            case Verdict.NeverBuilt:
                Log(unit, "building for the first time");
                break;
            default:
                Log(unit, $"rebuilding because {verdict.Because}");
                break;
        }
    }

    public void Log(StageUnit unit, string line) =>
        Of(unit.Stage.Name).Writer.TryWrite(unit.Partition is null ? line : $"{unit.Partition}: {line}");

    public void Progress(StageUnit unit, string line, ProgressPace pace)
    {
        if (_live.Value is { } live)
            live.Say(unit, line);
        else if (pace == ProgressPace.Line)
            Log(unit, line);
    }

    public void Ended(StageUnit unit)
    {
        lock (_atWork)
            _atWork.Remove(unit.Name);
        if (_live.IsValueCreated)
            _live.Value?.End(unit);
    }

    /// <summary>Takes away what is shown below the rest.</summary>
    public void Dispose()
    {
        if (_live.IsValueCreated)
            _live.Value?.Dispose();
    }

    /// <summary>Shows a stage's lines, from its first, until it has ended.</summary>
    public void Follow(StageName stage, Task ended, Action<string> show)
    {
        var lines = Of(stage);
        ended.ContinueWith(_ => lines.Writer.TryComplete(), TaskScheduler.Default);
        while (lines.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (lines.Reader.TryRead(out var line))
                show(line);
        }
    }

    private Channel<string> Of(StageName stage) => _lines.GetOrAdd(stage, _ => Channel.CreateUnbounded<string>());
}
