using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Tests.Spaces;

/// <summary>Keeps what a run says while it runs.</summary>
public sealed class TestObserver : IRunObserver
{
    private readonly Lock _lock = new();
    private readonly List<string> _begun = [];
    private readonly List<string> _lines = [];
    private readonly List<string> _glances = [];

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

    /// <summary>What is only for who can show it in place, and when that is over.</summary>
    public string[] Glances
    {
        get
        {
            lock (_lock)
                return [.. _glances];
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

    public void Progress(StageUnit unit, string line, ProgressPace pace)
    {
        if (pace == ProgressPace.Line)
            Log(unit, line);
        else
            lock (_lock)
                _glances.Add($"{unit}: {line}");
    }

    public void Ended(StageUnit unit)
    {
        lock (_lock)
            _glances.Add($"{unit} ended");
    }
}
