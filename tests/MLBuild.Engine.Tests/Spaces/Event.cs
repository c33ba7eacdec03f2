using MLBuild.Engine.Running;

namespace MLBuild.Engine.Tests.Spaces;

/// <summary>What became of a unit in a run, in a word, with the reason.</summary>
public sealed record Event(string What, string Unit, string Because)
{
    public static Event Built(string unit, string because = "it was never built") => new("built", unit, because);

    public static Event Restored(string unit) => new("restored", unit, "");

    public static Event Kept(string unit) => new("kept", unit, "");

    public static Event Failed(string stage, string message) => new("failed", stage, message);

    public static Event NotRun(string stage, string because) => new("not run", stage, because);

    /// <summary>The events of a stage. A unit that is up to date gives none.</summary>
    public static IEnumerable<Event> Of(StageOutcome outcome) => outcome switch
    {
        StageOutcome.Done done => done.Units.Where(unit => unit.Verdict is not Verdict.UpToDate).Select(unit =>
            unit.Verdict switch
            {
                Verdict.Frozen => Kept(unit.Unit.Name),
                { Runs: true } => Built(unit.Unit.Name, unit.Verdict.Because),
                _ => Restored(unit.Unit.Name),
            }),
        StageOutcome.Failed failed => [Failed($"{failed.Stage}", failed.Failure.Message)],
        StageOutcome.NotRun notRun => [NotRun($"{notRun.Stage}", notRun.Because)],
        _ => throw new InvalidOperationException($"unknown outcome {outcome}"),
    };

    /// <summary>As the error message of a comparison shows it.</summary>
    public override string ToString() => $"{What} {Unit}: {Because}";
}
