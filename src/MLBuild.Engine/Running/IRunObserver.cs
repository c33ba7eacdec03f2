using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Running;

/// <summary>Watches a run. Called from several threads; the lines of one stage come in order.</summary>
public interface IRunObserver
{
    /// <summary>A piece of work is about to run.</summary>
    void Running(StageUnit unit, Verdict verdict);

    void Log(StageUnit unit, string line);
}
