using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Running;

/// <summary>Several who watch a run, told in turn.</summary>
public sealed class RunObservers(params IRunObserver[] observers) : IRunObserver
{
    public void Running(StageUnit unit, Verdict verdict)
    {
        foreach (var observer in observers)
            observer.Running(unit, verdict);
    }

    public void Log(StageUnit unit, string line)
    {
        foreach (var observer in observers)
            observer.Log(unit, line);
    }

    public void Progress(StageUnit unit, string line, ProgressPace pace)
    {
        foreach (var observer in observers)
            observer.Progress(unit, line, pace);
    }

    public void Ended(StageUnit unit)
    {
        foreach (var observer in observers)
            observer.Ended(unit);
    }

    public void Settled(SettledUnit settled)
    {
        foreach (var observer in observers)
            observer.Settled(settled);
    }
}
