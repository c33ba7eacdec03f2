using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>What a build would do, in words: a line for each stage, and what it comes to.</summary>
public sealed class DryRun
{
    private const int MostNamed = 3;

    private readonly IReadOnlyList<Forecast.Line> _lines;
    private readonly ILookup<string, ActionRecord> _past;

    /// <param name="lines">What is expected of each unit, those of one stage together.</param>
    /// <param name="past">The records of their stages, to say how long the work took before.</param>
    public DryRun(IReadOnlyList<Forecast.Line> lines, IEnumerable<ActionRecord> past) =>
        (_lines, _past) = (lines, past.ToLookup(record => record.Stage));

    /// <summary>The lines of one stage: one, or in full one for each partition.</summary>
    public IEnumerable<string> Of(StageName stage, bool inFull = false)
    {
        var units = _lines.Where(line => line.Stage == stage).ToArray();
        return inFull || units is [_] ? units.Select(line => line.ToString()) : [$"{stage}: {Partitions(units)}"];
    }

    /// <summary>What would become of the stages before something that is no stage, to follow its name: <c>, after
    /// Ingest (would run) and Split, Train (may run)</c>; empty if there are none.</summary>
    public string Before(IReadOnlyCollection<StageName> stages)
    {
        var units = _lines.Where(line => stages.Contains(line.Stage)).GroupBy(line => line.Stage).ToArray();
        var run = units.Where(stage => stage.Any(unit => unit.Expectation.IsSureToRun)).ToArray();
        var open = units.Except(run).Where(stage => stage.Any(IsOpen)).ToArray();
        string[] parts = [.. Named(run, "would run"), .. Named(open, "may run")];
        return units.Length == 0 ? "" : parts.Length == 0
            ? $", after {Wording.Count(units.Length, "stage")} of which none would run"
            : $", after {string.Join(" and ", parts)}";

        static string[] Named(IGrouping<StageName, Forecast.Line>[] stages, string what) => stages.Length == 0 ? []
            : [$"{string.Join(", ", stages.Select(stage => stage.Key))} ({what})"];
    }

    /// <summary>How many stages would run, and how long such work took before.</summary>
    public string Summary()
    {
        var stages = _lines.GroupBy(line => line.Stage).Select(units => units.ToArray()).ToArray();
        var run = stages.Count(units => units.Any(unit => unit.Expectation.IsSureToRun));
        var open = stages.Count(units => !units.Any(unit => unit.Expectation.IsSureToRun) && units.Any(IsOpen));
        var restored = stages.Count(units => !units.Any(unit => unit.Expectation.IsSureToRun || IsOpen(unit))
            && units.Any(IsRestored));
        var same = stages.Count(units => units.All(IsUpToDate));
        var frozen = stages.Count(units => units.Any(IsFrozen)
            && units.All(unit => IsFrozen(unit) || IsUpToDate(unit)));
        var left = stages.Count(units => units.Any(IsLeftOut)
            && !units.Any(unit => unit.Expectation.IsSureToRun || IsOpen(unit) || IsRestored(unit)));
        string[] parts =
        [
            .. run == 0 && open == 0 ? ["nothing would run"] : Array.Empty<string>(),
            .. Some(run, "would run"), .. Some(open, "may run"), .. Some(restored, "would be restored"),
            .. Some(same, same == 1 ? "is up to date" : "are up to date"),
            .. Some(frozen, "would be kept as frozen"), .. Some(left, "would be left out"),
        ];
        return string.Join(", ", parts) + Estimate();

        static string[] Some(int count, string what) => count == 0 ? [] : [$"{Wording.Count(count, "stage")} {what}"];
    }

    // About 4 min 12 s of work, by past runs: of what is sure to run, then of what may.
    private string Estimate()
    {
        var sure = Took(line => line.Expectation.IsSureToRun);
        var perhaps = Took(IsOpen);
        return (sure, perhaps) switch
        {
            (null, null) => "",
            (null, { } more) => $"; up to {Wording.Duration(more)} of work by past runs",
            ({ } time, null) => $"; about {Wording.Duration(time)} of work by past runs",
            ({ } time, { } more) => $"; about {Wording.Duration(time)} of work by past runs, up to " +
                $"{Wording.Duration(time + more)} if all that may run does",
        };
    }

    // Null if none of them ever ran. A partition that never ran takes what its siblings take.
    private TimeSpan? Took(Func<Forecast.Line, bool> which)
    {
        var known = _lines.Where(which).Select(line => LastTook(line.Unit) ?? SiblingsTook(line.Stage))
            .OfType<TimeSpan>().ToArray();
        return known.Length == 0 ? null : new(known.Sum(time => time.Ticks));
    }

    private TimeSpan? LastTook(string unit) => _past[unit].MaxBy(record => record.FinishedAt)?.Duration;

    private TimeSpan? SiblingsTook(StageName stage) => _past
        .Where(group => group.Key.StartsWith($"{stage}/", StringComparison.Ordinal))
        .Select(group => LastTook(group.Key)).OfType<TimeSpan>().ToArray() is { Length: > 0 } siblings
            ? new(siblings.Sum(time => time.Ticks) / siblings.Length)
            : null;

    private static string Partitions(Forecast.Line[] units)
    {
        var run = units.Where(unit => unit.Expectation.IsSureToRun).ToArray();
        var restored = units.Count(IsRestored);
        var open = units.Where(IsOpen).ToArray();
        var all = Wording.Count(units.Length, "partition");
        var frozen = units.Where(IsFrozen).ToArray();
        var left = units.Where(IsLeftOut).ToArray();
        if (units.All(IsUpToDate))
            return $"up to date ({all})";
        string[] parts =
        [
            .. run.Length == 0 ? [] : new[] { $"{run.Length} of {all} would run{Reasons(run)}" },
            .. restored == 0 ? [] : new[] { $"{restored} of {all} would be restored from the store" },
            .. open.Length == 0 ? [] : new[] { $"{open.Length} of {all}{Same(open) ?? Named(open)}" },
            .. frozen.Length == 0 ? [] : new[] { $"{frozen.Length} of {all} would be kept as frozen" },
            .. left.Length == 0 ? [] : new[] { $"{left.Length} of {all} would be left out by --only" },
        ];
        return string.Join("; ", parts);

        static string Reasons(Forecast.Line[] lines) => lines.Select(Because).Distinct().ToArray() is [var only]
            && lines.Length > 1 ? $" because {only}" : Named(lines);

        static string? Same(Forecast.Line[] lines) =>
            lines.Select(line => line.Expectation.ToString()).Distinct().ToArray() is [var only]
                ? $": {only}" : null;

        static string Named(Forecast.Line[] lines) => $" ({string.Join("; ", lines.Take(MostNamed)
            .Select(line => $"{line.Unit[(line.Unit.IndexOf('/') + 1)..]}: {Because(line)}"))}" +
            (lines.Length > MostNamed ? $"; and {lines.Length - MostNamed} more)" : ")");

        static string Because(Forecast.Line line) => line.Expectation switch
        {
            Expectation.Decided decided => decided.Verdict.Because,
            Expectation.RunsAnyway runs => runs.Verdict.Because,
            var other => $"{other}",
        };
    }

    private static bool IsUpToDate(Forecast.Line line) =>
        line.Expectation is Expectation.Decided { Verdict: Verdict.UpToDate };

    private static bool IsRestored(Forecast.Line line) =>
        line.Expectation is Expectation.Decided { Verdict: Verdict.Restore };

    private static bool IsFrozen(Forecast.Line line) =>
        line.Expectation is Expectation.Decided { Verdict: Verdict.Frozen };

    private static bool IsLeftOut(Forecast.Line line) =>
        line.Expectation is Expectation.LeftAlone or Expectation.LeftOut or Expectation.Blocked;

    private static bool IsOpen(Forecast.Line line) => line.Expectation is Expectation.Open;
}
