using MLBuild.Engine.Code;
using MLBuild.Engine.History;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Graphs;

/// <summary>How a stage stands.</summary>
public enum StageState
{
    /// <summary>A run would change nothing: its results stand, or are in the store.</summary>
    Fresh,

    /// <summary>It would run.</summary>
    Stale,

    /// <summary>A stage before it would run and decides, or nobody can say now.</summary>
    Undecided,

    /// <summary>It failed when it last ran, and would run.</summary>
    Failed,

    NeverBuilt,

    /// <summary>It acts on something outside: it runs whenever it is asked for.</summary>
    Effect,
}

/// <summary>A stage in the graph.</summary>
/// <param name="Level">0 for one that reads no stage, else one more than the highest of those that it reads.</param>
/// <param name="Detail">Why it stands so; may be empty.</param>
public sealed record StageNode(string Stage, StageState State, string Detail, int Level, IReadOnlyList<string> Reads);

/// <summary>The stages of a pipeline, who reads whom, and how each stands.</summary>
/// <param name="Stages">Each behind those that it reads.</param>
public sealed record StageGraph(IReadOnlyList<StageNode> Stages)
{
    // A stage that was in none of these has not failed lately.
    private const int MostRuns = 50;

    /// <param name="last">The stage whose graph it is, with all that it reads; null for all stages.</param>
    public static StageGraph Of(Pipeline pipeline, Workspace workspace, ICodeFingerprint code, StageName? last = null)
    {
        var stages = Needed(pipeline, last);
        var forecast = new Forecast(pipeline, workspace, code);
        var faults = new Dictionary<StageName, string>();
        var lines = Foreseen(forecast, stages, faults);
        var failures = Failures(workspace);
        var levels = new Dictionary<StageName, int>();
        var nodes = new List<StageNode>();
        foreach (var stage in stages)
        {
            StageName[] reads = [.. stage.Inputs.Select(input => input.Stage).Distinct()];
            levels[stage.Name] = reads.Select(read => levels[read] + 1).DefaultIfEmpty(0).Max();
            var (state, detail) = faults.TryGetValue(stage.Name, out var fault)
                ? (StageState.Undecided, fault)
                : Judge([.. lines[stage.Name]], workspace.LastUnits(stage.Name).Count > 0,
                    failures.GetValueOrDefault(stage.Name.ToString()));
            nodes.Add(new(stage.Name.ToString(), state, detail, levels[stage.Name],
                [.. reads.Select(read => read.ToString())]));
        }
        return new(nodes);
    }

    /// <summary>How a stage stands, by what would become of its units.</summary>
    /// <param name="failure">The first line of its failure, if it failed when it last ran.</param>
    public static (StageState State, string Detail) Judge(
        IReadOnlyList<Forecast.Line> units, bool hasResult, string? failure)
    {
        var count = units is [{ Unit: var only }] && !only.Contains('/') ? ""
            : units.Count == 0 ? "no partitions" : Wording.Count(units.Count, "partition");
        if (units.All(unit => unit.Expectation is Expectation.Decided { Record: not null }))
            return (StageState.Fresh, units.Any(IsFrozen) ? $"{Also(count)}frozen" : count);
        if (failure is not null)
            return (StageState.Failed, failure);
        if (units.Any(unit => unit.Expectation is Expectation.Decided { Verdict: Verdict.Effect }))
            return (StageState.Effect, count);
        if (!hasResult)
            return (StageState.NeverBuilt, count);
        var run = units.Where(unit => unit.Expectation.IsSureToRun).ToArray();
        if (run.Length == 0)
            return (StageState.Undecided,
                $"{units.First(unit => unit.Expectation is not Expectation.Decided { Record: not null }).Expectation}");
        var some = units.Count == run.Length ? Also(count) : $"{run.Length} of {count}, ";
        return (StageState.Stale, some + run[0].Expectation switch
        {
            Expectation.Decided decided => decided.Verdict.Because,
            Expectation.RunsAnyway runs => runs.Verdict.Because,
            var other => other.ToString(),
        });

        static string Also(string count) => count.Length == 0 ? "" : $"{count}, ";

        static bool IsFrozen(Forecast.Line unit) =>
            unit.Expectation is Expectation.Decided { Verdict: Verdict.Frozen };
    }

    /// <summary>A state in words.</summary>
    public static string WordOf(StageState state) => state switch
    {
        StageState.Fresh => "fresh",
        StageState.Stale => "stale",
        StageState.Undecided => "undecided",
        StageState.Failed => "failed",
        StageState.NeverBuilt => "never built",
        StageState.Effect => "effect",
        _ => throw new InvalidOperationException($"BUG: unknown state {state}."),
    };

    private static List<Stage> Needed(Pipeline pipeline, StageName? last)
    {
        if (last is null)
            return [.. pipeline.InOrder];
        var needed = new HashSet<StageName> { last };
        foreach (var stage in pipeline.InOrder.Reverse().Where(stage => needed.Contains(stage.Name)))
            needed.UnionWith(stage.Inputs.Select(input => input.Stage));
        return [.. pipeline.InOrder.Where(stage => needed.Contains(stage.Name))];
    }

    private static ILookup<StageName, Forecast.Line> Foreseen(
        Forecast forecast, List<Stage> stages, Dictionary<StageName, string> faults)
    {
        try
        {
            return forecast.Of(stages.Select(stage => stage.Name), new HashSet<StageName>(), Selection.Everything)
                .ToLookup(line => line.Stage);
        }
        catch (Exception)
        {
            // Files that are gone, a server that does not answer: that is of one stage and of those behind it.
            var lines = new Dictionary<string, Forecast.Line>(StringComparer.Ordinal);
            foreach (var stage in stages)
            {
                try
                {
                    foreach (var line in forecast.Of(stage.Name))
                        lines[line.Unit] = line;
                }
                catch (Exception fault)
                {
                    faults[stage.Name] = fault.Message.Split('\n')[0];
                }
            }
            return lines.Values.ToLookup(line => line.Stage);
        }
    }

    // Of the stages that failed when they were last in a run that decided anything of them.
    private static Dictionary<string, string> Failures(Workspace workspace)
    {
        var failures = new Dictionary<string, string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in new RunJournal(workspace).Read().Take(MostRuns))
        {
            var decided = run.Units.Where(unit => unit.Fate is not (UnitFate.NotRun or UnitFate.LeftOut)).ToArray();
            foreach (var failed in decided.Where(unit => unit.Fate == UnitFate.Failed && !seen.Contains(unit.Stage)))
                failures.TryAdd(failed.Stage, failed.Failure ?? "");
            seen.UnionWith(decided.Select(unit => unit.Stage));
        }
        return failures;
    }
}
