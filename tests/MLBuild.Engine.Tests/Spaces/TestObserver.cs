using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Tests.Spaces;

/// <summary>Keeps what a run says while it runs.</summary>
public sealed class TestObserver : IRunObserver
{
    private readonly Lock _lock = new();
    private readonly List<string> _begun = [];
    private readonly List<string> _lines = [];

    /// <summary>Called with each line, from the thread that logs it.</summary>
    public Action<string> OnLine { get; init; } = _ => { };

    /// <summary>The units whose code was started, in order; once for each start.</summary>
    public string[] Begun
    {
        get
        {
            lock (_lock)
                return [.. _begun];
        }
    }

    public string[] Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    public void Running(StageUnit unit, Verdict verdict)
    {
        lock (_lock)
            _begun.Add(unit.Name);
    }

    public void Log(StageUnit unit, string line)
    {
        lock (_lock)
            _lines.Add($"{unit}: {line}");
        OnLine(line);
    }
}
