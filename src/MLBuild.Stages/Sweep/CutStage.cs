using MLBuild.Engine.Stages;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Sweep;

/// <summary>Tells one trial whether it goes on. Its bytes stay the same while that does, whatever became of other
/// points, so that the next rung trains only those for which it changed.</summary>
public static class CutStage
{
    public const string Decision = "decision.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Decision];

    public static void Run(StageRun run, CutOptions options)
    {
        var rung = ReportFile.Read<RungReport>(run.Input(RungStage.Survivors));
        ReportFile.Write(run.Output(Decision),
            new TrialDecision(rung.Stopped.TryGetValue(options.Point, out var last) ? last : null));
    }
}
