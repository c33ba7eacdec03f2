using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>Says what a build would do and why, without doing it.</summary>
public sealed class Forecast(Pipeline pipeline, Workspace workspace, ICodeFingerprint code)
{
    /// <summary>What would become of one unit.</summary>
    /// <param name="Verdict">Null if that depends on a result that is not there yet: see
    /// <paramref name="WaitsFor"/>.</param>
    /// <param name="WaitsFor">The stage that would run first.</param>
    public sealed record Line(string Unit, Verdict? Verdict, StageName? WaitsFor)
    {
        public override string ToString() => this switch
        {
            { WaitsFor: { } stage } => $"{Unit}: depends on what {stage} gives, which would run first",
            { Verdict: Verdict.UpToDate } => $"{Unit}: up to date",
            { Verdict: Verdict.Restore restore } => $"{Unit}: would be restored from the store ({restore.Because})",
            { Verdict: { } verdict } => $"{Unit}: would run because {verdict.Because}",
            _ => throw new InvalidOperationException("BUG: a forecast without a verdict."),
        };
    }

    /// <summary>A unit's last build, and how its recipe differed from the one before.</summary>
    /// <param name="Before">Null if this was the first.</param>
    public sealed record Past(ActionRecord Last, ActionRecord? Before, IReadOnlyList<RecipeChange> Changes);

    /// <summary>The units of a stage and of every stage it reads, in an order in which they could run.</summary>
    public IReadOnlyList<Line> Of(StageName name)
    {
        var lines = new List<Line>();
        using var work = new WorkFolder(workspace);
        using var decider = new UnitRunner(workspace, code, new Silence(), new(1), work, default, default);
        var done = new Dictionary<StageName, StageOutcome.Done?>();
        Visit(pipeline[name]);
        return lines;

        StageOutcome.Done? Visit(Stage stage)
        {
            if (done.TryGetValue(stage.Name, out var known))
                return known;
            var upstream = stage.Inputs.Select(input => input.Stage).Distinct()
                .Select(input => (Name: input, Done: Visit(pipeline[input]))).ToArray();
            foreach (var (missing, _) in upstream.Where(input => input.Done is null).Take(1))
            {
                lines.Add(new(stage.Name.ToString(), null, missing));
                return done[stage.Name] = null;
            }
            var inputs = UnitInputs.Of(stage, [.. upstream.Select(input => input.Done!)]);
            var setting = StageSetting.Of(stage);
            var plans = StageUnit.Of(stage).Select(unit => decider.Decide(unit, setting, inputs)).ToArray();
            lines.AddRange(plans.Select(plan => new Line(plan.Unit.Name, plan.Verdict, null)));
            return done[stage.Name] = plans.All(plan => RecordOf(plan.Verdict) is not null)
                ? new(stage.Name, [.. plans.Select(plan => new UnitResult(
                    plan.Unit, plan.Verdict, RecordOf(plan.Verdict)!, TimeSpan.Zero, inputs.Lineage))])
                : null;
        }
    }

    /// <summary>How the last build of each unit of a stage came about.</summary>
    public IReadOnlyList<Past> History(StageName name)
    {
        var builds = workspace.Records.All().ToLookup(record => record.Stage);
        return [.. workspace.LastUnits(name).Select(workspace.Last).OfType<ActionRecord>().Select(last =>
        {
            var before = builds[last.Stage].Where(record => record.FinishedAt < last.FinishedAt)
                .MaxBy(record => record.FinishedAt);
            var changes = before is not null && workspace.RecipeOf(before.Fingerprint) is { } old
                && workspace.RecipeOf(last.Fingerprint) is { } now
                ? RecipeDiff.Between(old, now)
                : [];
            return new Past(last, before, changes);
        })];
    }

    private static ActionRecord? RecordOf(Verdict verdict) => verdict switch
    {
        Verdict.UpToDate upToDate => upToDate.Record,
        Verdict.Restore restore => restore.Record,
        _ => null,
    };

    private sealed class Silence : IRunObserver
    {
        public void Running(StageUnit unit, Verdict verdict)
        {
        }

        public void Log(StageUnit unit, string line)
        {
        }
    }
}
