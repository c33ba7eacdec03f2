using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>Watches a run. Called from several threads; the lines of one stage come in order.</summary>
public interface IRunObserver
{
    /// <summary>A piece of work is about to run.</summary>
    void Running(StageUnit unit, Verdict verdict);

    void Log(StageUnit unit, string line);

    /// <summary>How far a piece of work is. Each of these lines takes the place of the one before; who cannot show that
    /// logs those that are worth it.</summary>
    void Progress(StageUnit unit, string line, ProgressPace pace)
    {
        if (pace == ProgressPace.Line)
            Log(unit, line);
    }

    /// <summary>A piece of work that ran has ended, well or not: its progress is over.</summary>
    void Ended(StageUnit unit)
    {
    }

    /// <summary>It is known what became of a piece of work, whether it ran or not.</summary>
    void Settled(SettledUnit settled)
    {
    }
}

/// <summary>What became of a piece of work. Without result and failure: it was not begun, or given up, because the
/// build is ending.</summary>
/// <param name="Verdict">What was decided of it at last.</param>
/// <param name="Recipe">The fingerprint of its recipe in this run.</param>
public sealed record SettledUnit(
    StageUnit Unit, Verdict Verdict, ContentHash Recipe, UnitResult? Result, StageFailedException? Failure);

/// <summary>How much a line of progress is worth.</summary>
public enum ProgressPace
{
    /// <summary>For who can show it in the place of the one before: several come each second.</summary>
    Glance,

    /// <summary>For a log, too: one comes every few seconds.</summary>
    Line,
}
