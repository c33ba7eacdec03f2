using MLBuild.Engine.Code;
using MLBuild.Engine.Commands;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>Says what a build would do and why, without doing it.</summary>
public sealed class Forecast(Pipeline pipeline, Workspace workspace, ICodeFingerprint code)
{
    /// <summary>What stands for the hash of an input that is not there yet.</summary>
    private const string Unknown = "not there yet";

    /// <summary>What would become of one unit.</summary>
    /// <param name="Recipe">Its recipe now; inputs that are not there yet have no hash in it. Null if it is left alone
    /// or blocked.</param>
    public sealed record Line(StageName Stage, string Unit, Expectation Expectation, Recipe? Recipe)
    {
        public override string ToString() => $"{Unit}: {Expectation}";
    }

    /// <summary>A unit's last build, and how its recipe differed from the one before.</summary>
    /// <param name="Before">Null if this was the first.</param>
    public sealed record Past(ActionRecord Last, ActionRecord? Before, IReadOnlyList<RecipeChange> Changes);

    // A stage as far as it is foreseen. Units and lines belong together; no units if it is left alone or blocked. The
    // known part of its outcome is null if there will be no result.
    private sealed record Foreseen(
        Stage Stage, IReadOnlyList<StageUnit> Units, IReadOnlyList<Line> Lines, StageOutcome.Done? Known)
    {
        public IEnumerable<(StageUnit Unit, Expectation Expectation)> Open => Units.Zip(Lines)
            .Where(pair => pair.Second.Expectation is Expectation.Open or { IsSureToRun: true })
            .Select(pair => (pair.First, pair.Second.Expectation));
    }

    /// <summary>The units of a stage and of every stage it reads, in an order in which they could run.</summary>
    public IReadOnlyList<Line> Of(StageName name) => Of([name], new HashSet<StageName>(), Selection.Everything);

    /// <summary>The units of several stages and of every stage they read, in an order in which they
    /// could run.</summary>
    /// <param name="leftAlone">Stages that the host skips: their last results stand.</param>
    /// <param name="only">The partitions that the build is limited to.</param>
    public IReadOnlyList<Line> Of(IEnumerable<StageName> names, IReadOnlySet<StageName> leftAlone, Selection only)
    {
        var partitions = new Partitions(pipeline);
        using var commands = new StageCommands(workspace);
        var planner = new UnitPlanner(workspace, code, commands, new(workspace, default));
        var records = new Dictionary<StageName, ILookup<string, ActionRecord>>();
        var lines = new List<Line>();
        var done = new Dictionary<StageName, Foreseen>();
        foreach (var name in names)
            Visit(pipeline[name]);
        return lines;

        Foreseen Visit(Stage stage)
        {
            if (done.TryGetValue(stage.Name, out var known))
                return known;
            var upstream = stage.Inputs.Select(input => input.Stage).Distinct()
                .Select(input => Visit(pipeline[input])).ToArray();
            var seen = See(stage, upstream);
            lines.AddRange(seen.Lines);
            return done[stage.Name] = seen;
        }

        Foreseen See(Stage stage, Foreseen[] upstream)
        {
            if (leftAlone.Contains(stage.Name))
                return Runner.LastResult(workspace, stage) is StageOutcome.Done last
                    ? new(stage, [], [One(stage, new Expectation.LeftAlone(HasResult: true))], last)
                    : new(stage, [], [One(stage, new Expectation.LeftAlone(HasResult: false))], null);
            if (Array.Find(upstream, input => input.Known is null) is { } missing)
                return new(
                    stage, [], [One(stage, new Expectation.Blocked(Runner.LacksResult(missing.Stage.Name)))], null);
            if (Array.Find(upstream, input => input.Known!.LeftOut.Count > 0
                && !pipeline.HaveSamePartitions(stage, input.Stage)) is { } lacking)
                return new(stage, [], [One(stage, new Expectation.Blocked(
                    Runner.Lacks(lacking.Stage.Name, lacking.Known!.LeftOut.Count)))], null);
            var units = partitions.UnitsOf(stage);
            var plans = planner.Decide(units, StageSetting.Of(stage, units, workspace, ProbeRun.Alone),
                StageInputs.Of(pipeline, stage, [.. upstream.Select(input => input.Known!)]));
            var foreseen = plans.Select(plan => Limited(plan, Expected(plan, upstream), upstream)).ToArray();
            var results = foreseen.Zip(plans).SelectMany(pair =>
                pair.First.Expectation is Expectation.Decided { Record: { } record } decided
                    ? [new UnitResult(pair.Second.Unit, decided.Verdict, record, TimeSpan.Zero, [])]
                    : Array.Empty<UnitResult>());
            return new(stage, units, foreseen, new(stage.Name, [.. results])
            {
                LeftOut = [.. units.Where((_, i) => foreseen[i].Expectation is Expectation.LeftOut)],
            });
        }

        Line Expected(UnitPlan plan, Foreseen[] upstream)
        {
            var open = upstream.Where(input => Missing(plan.Unit, input).Any()).ToArray();
            return open.Length == 0
                ? new(plan.Unit.Stage.Name, plan.Unit.Name, new Expectation.Decided(plan.Verdict), plan.Recipe)
                : Guess(plan, open, RecordsOf(plan.Unit), mayLack: open.SelectMany(input => input.Open)
                    .Any(pair => !pair.Expectation.IsSureToRun && !only.Includes(pair.Unit)));
        }

        // The index only says where to look.
        IEnumerable<ActionRecord> RecordsOf(StageUnit unit)
        {
            if (!records.TryGetValue(unit.Stage.Name, out var ofStage))
                records[unit.Stage.Name] = ofStage =
                    workspace.Index.OfStage(unit.Stage.Name.ToString()).ToLookup(record => record.Stage);
            return ofStage[unit.Name].Select(record => workspace.Records.Find(record.Fingerprint))
                .OfType<ActionRecord>();
        }

        // What need not run is not left out.
        Line Limited(UnitPlan plan, Line line, Foreseen[] upstream) =>
            line.Expectation.IsSureToRun && (!only.Includes(plan.Unit) || upstream.Any(input =>
                pipeline.HaveSamePartitions(plan.Unit.Stage, input.Stage)
                && input.Known!.LeftOut.Any(other => other.Partition == plan.Unit.Partition)))
                ? line with
                {
                    Expectation = new Expectation.LeftOut(line.Expectation switch
                    {
                        Expectation.Decided decided => decided.Verdict,
                        Expectation.RunsAnyway runs => runs.Verdict,
                        _ => throw new InvalidOperationException($"BUG: {line} does not run for sure."),
                    }),
                }
                : line;
    }

    /// <summary>How the last build of each unit of a stage came about.</summary>
    public IReadOnlyList<Past> History(StageName name)
    {
        var builds = workspace.Index.OfStage(name.ToString()).ToLookup(record => record.Stage);
        return [.. workspace.LastUnits(name).Select(workspace.Last).OfType<ActionRecord>().Select(last =>
        {
            var before = builds[last.Stage].Where(record => record.FinishedAt < last.FinishedAt)
                .MaxBy(record => record.FinishedAt);
            var changes = before is not null && workspace.RecipeOf(before.Fingerprint) is { } old
                && workspace.RecipeOf(last.Fingerprint) is { } now
                ? RecipeDiff.Between(old, now).Select(change => TreeDiff.Explain(change, workspace.TreeOf)).ToArray()
                : [];
            return new Past(last, before, changes);
        })];
    }

    // Some inputs are not there yet. If no record of the unit agrees with what is known already, it will run whatever
    // they turn out to be; else they decide. Nothing is sure if one of them may be left out.
    private Line Guess(UnitPlan plan, Foreseen[] open, IEnumerable<ActionRecord> records, bool mayLack)
    {
        var missing = open.SelectMany(input => Missing(plan.Unit, input)).DistinctBy(entry => entry.Name)
            .ToDictionary(entry => entry.Name);
        var now = new Recipe(plan.Recipe.Entries.Concat(missing.Values));
        var last = workspace.LastRecipe(plan.Unit.Name);
        RecipeChange[] changes = last is null ? [] : [.. RecipeDiff.Between(Known(last), now)
            .Select(change => plan.Setting.Files.Explain(change, workspace))];
        var cannotBeStored = !mayLack && records.All(record => workspace.RecipeOf(record.Fingerprint) is { } recipe
            && RecipeDiff.Between(Known(recipe), now).Count > 0);
        var waitsFor = open[0].Stage.Name;
        return new(plan.Unit.Stage.Name, plan.Unit.Name, plan.Verdict switch
        {
            Verdict.Effect when !mayLack => new Expectation.Decided(plan.Verdict),
            _ when cannotBeStored && last is null => new Expectation.Decided(new Verdict.NeverBuilt()),
            _ when cannotBeStored && changes.Length > 0 && plan.Unit.Stage.FrozenBecause is null =>
                new Expectation.RunsAnyway(new(changes), waitsFor),
            _ => new Expectation.Open(
                waitsFor, open[0].Open.Any(pair => pair.Expectation.IsSureToRun), changes),
        }, now);

        Recipe Known(Recipe recipe) => new(recipe.Entries.Select(entry =>
            entry.Kind == RecipeKind.Input && missing.ContainsKey(entry.Name)
                ? entry with { Value = Unknown } : entry));
    }

    // The names of inputs of a unit are known even where their hashes are not.
    private IEnumerable<RecipeEntry> Missing(StageUnit unit, Foreseen input) =>
        from declared in unit.Stage.Inputs.Where(declared => declared.Stage == input.Stage.Name)
        from open in input.Open.Select(pair => pair.Unit)
        where !pipeline.HaveSamePartitions(unit.Stage, input.Stage) || open.Partition == unit.Partition
        from output in input.Stage.Outputs
        where declared.Outputs.Count == 0 || declared.Outputs.Contains(output)
        select new RecipeEntry(RecipeKind.Input, $"{open.Name}/{output.TrimEnd('/')}",
            Stage.IsFolder(output) ? "folder" : "file", Unknown);

    private static Line One(Stage stage, Expectation expectation) =>
        new(stage.Name, stage.Name.ToString(), expectation, null);
}
