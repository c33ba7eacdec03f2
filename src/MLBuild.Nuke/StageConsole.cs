using System.Collections.Concurrent;
using System.Threading.Channels;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Nuke;

/// <summary>Keeps each stage's lines until its turn on the console comes, so that the lines of stages that run side by
/// side are never mixed.</summary>
internal sealed class StageConsole : IRunObserver
{
    private readonly ConcurrentDictionary<StageName, Channel<string>> _lines = new();

    public void Running(StageUnit unit, Verdict verdict)
    {
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
