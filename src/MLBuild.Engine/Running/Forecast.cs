using MLBuild.Engine.Code;
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

    // A stage as far as it is foreseen. Units and lines belong together; no units if it is left alone or blocked.
    private sealed record Foreseen(
        Stage Stage, IReadOnlyList<StageUnit> Units, IReadOnlyList<Line> Lines, StageOutcome.Done? Partly)
    {
        /// <summary>The units whose outputs are not there yet.</summary>
        public IEnumerable<StageUnit> Open =>
            Units.Where((_, i) => Lines[i].Expectation is not Expectation.Decided { Record: not null });
    }

    /// <summary>The units of a stage and of every stage it reads, in an order in which they could run.</summary>
    public IReadOnlyList<Line> Of(StageName name) => Of([name], new HashSet<StageName>());

    /// <summary>The units of several stages and of every stage they read, in an order in which they could run.</summary>
    /// <param name="leftAlone">Stages that the host skips: their last results stand.</param>
    public IReadOnlyList<Line> Of(IEnumerable<StageName> names, IReadOnlySet<StageName> leftAlone)
    {
        using var work = new WorkFolder(workspace);
        var decider = new UnitRunner(workspace, code, new Silence(), new(1), work, default, default);
        var records = new Lazy<ILookup<string, ActionRecord>>(() =>
            workspace.Records.All().ToLookup(record => record.Stage));
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
            if (upstream.FirstOrDefault(input => input.Partly is null) is { } missing)
                return new(stage, [], [One(stage, new Expectation.Blocked(missing.Stage.Name))], null);
            var inputs = UnitInputs.Of(stage, [.. upstream.Select(input => input.Partly!)]);
            var setting = StageSetting.Of(stage);
            var units = StageUnit.Of(stage);
            var open = upstream.Where(input => Missing(stage, input).Any()).ToArray();
            var foreseen = new List<Line>();
            var results = new List<UnitResult>();
            foreach (var unit in units)
            {
                var plan = decider.Decide(unit, setting, inputs);
                var line = open.Length > 0 ? Guess(plan, open, records.Value[unit.Name])
                    : new(stage.Name, unit.Name, new Expectation.Decided(plan.Verdict), plan.Recipe);
                foreseen.Add(line);
                if (line.Expectation is Expectation.Decided { Record: { } record })
                    results.Add(new(unit, plan.Verdict, record, TimeSpan.Zero, inputs.Lineage));
            }
            return new(stage, units, foreseen, new(stage.Name, results));
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

    // Some inputs are not there yet. If no record of the unit agrees with what is known already, it will run whatever
    // they turn out to be; else they decide.
    private Line Guess(UnitRunner.Plan plan, Foreseen[] open, IEnumerable<ActionRecord> records)
    {
        var missing = open.SelectMany(input => Missing(plan.Unit.Stage, input)).DistinctBy(entry => entry.Name)
            .ToDictionary(entry => entry.Name);
        var now = new Recipe(plan.Recipe.Entries.Concat(missing.Values));
        var last = workspace.LastRecipe(plan.Unit.Name);
        var changes = last is null ? [] : RecipeDiff.Between(Known(last), now);
        var cannotBeStored = records.All(record => workspace.RecipeOf(record.Fingerprint) is { } recipe
            && RecipeDiff.Between(Known(recipe), now).Count > 0);
        return new(plan.Unit.Stage.Name, plan.Unit.Name, plan.Verdict switch
        {
            Verdict.Effect effect => new Expectation.Decided(effect),
            _ when cannotBeStored && last is null => new Expectation.Decided(new Verdict.NeverBuilt()),
            _ when cannotBeStored && changes.Count > 0 =>
                new Expectation.RunsAnyway(new(changes), open[0].Stage.Name),
            _ => new Expectation.Open(open[0].Stage.Name,
                open[0].Lines.Any(line => line.Expectation.IsSureToRun), changes),
        }, now);

        Recipe Known(Recipe recipe) => new(recipe.Entries.Select(entry =>
            entry.Kind == RecipeKind.Input && missing.ContainsKey(entry.Name)
                ? entry with { Value = Unknown } : entry));
    }

    // Their names are known, their hashes are not.
    private static IEnumerable<RecipeEntry> Missing(Stage stage, Foreseen input) =>
        from declared in stage.Inputs.Where(declared => declared.Stage == input.Stage.Name)
        from unit in input.Open
        from output in input.Stage.Outputs
        where declared.Outputs.Count == 0 || declared.Outputs.Contains(output)
        select new RecipeEntry(RecipeKind.Input, $"{unit.Name}/{output.TrimEnd('/')}",
            Stage.IsFolder(output) ? "folder" : "file", Unknown);

    private static Line One(Stage stage, Expectation expectation) =>
        new(stage.Name, stage.Name.ToString(), expectation, null);

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
