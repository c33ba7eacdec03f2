using System.Globalization;
using MLBuild.Engine.Inspection;

namespace MLBuild.Engine.History;

/// <summary>The last runs in lines for a person.</summary>
public static class RunListingText
{
    public static IEnumerable<string> Lines(RunListing listing, Page page) => listing switch
    {
        { Runs.Count: 0, Stage: { } stage } =>
            page.Wrap($"No run that is kept had to do with {stage}. ./build.sh {stage} makes one."),
        { Runs.Count: 0 } => page.Wrap("No run is kept yet. Whatever runs a stage makes one."),
        { Stage: null } => [.. AllStages(listing, page), .. Notes(listing, page)],
        _ => [.. OneStage(listing, page), .. Notes(listing, page), .. Durations(listing, page)],
    };

    /// <summary>A run's state in words.</summary>
    public static string WordOf(RunState state) => state switch
    {
        RunState.Succeeded => "succeeded",
        RunState.Failed => "failed",
        RunState.Interrupted => "interrupted",
        RunState.Killed => "killed",
        RunState.Running => "running",
        _ => throw new InvalidOperationException($"BUG: unknown state {state}."),
    };

    /// <summary>What became of a unit, in words.</summary>
    public static string WordOf(UnitFate fate) => fate switch
    {
        UnitFate.UpToDate => "up to date",
        UnitFate.Restored => "restored",
        UnitFate.Ran => "ran",
        UnitFate.Failed => "failed",
        UnitFate.Frozen => "frozen",
        UnitFate.LeftOut => "left out",
        UnitFate.NotRun => "did not run",
        _ => throw new InvalidOperationException($"BUG: unknown fate {fate}."),
    };

    private static IEnumerable<string> AllStages(RunListing listing, Page page) => PageTable.Lines(
        page,
        [
            new("began (UTC)"), new("outcome"), new("ran", IsNumber: true), new("hit", IsNumber: true),
            new("took", IsNumber: true), new("saved", IsNumber: true), new("command", IsCut: true),
        ],
        listing.Runs.Select(IReadOnlyList<PageCell> (run) =>
        [
            Moment(run.BeganUtc), Outcome(run),
            Number(Count(run, UnitFate.Ran) + Count(run, UnitFate.Failed)),
            Number(Count(run, UnitFate.UpToDate) + Count(run, UnitFate.Restored) + Count(run, UnitFate.Frozen)),
            run.DurationSeconds is { } took ? Seconds(took) : "",
            run.SavedSeconds > 0 ? Seconds(run.SavedSeconds) : "",
            run.Command,
        ]));

    private static IEnumerable<string> OneStage(RunListing listing, Page page) => PageTable.Lines(
        page,
        [
            new("began (UTC)"), new(listing.Stage!), new("took", IsNumber: true), new("saved", IsNumber: true),
            new("why", IsCut: true),
        ],
        listing.Runs.Select(IReadOnlyList<PageCell> (run) =>
        [
            Moment(run.BeganUtc), Fates(run),
            Work(run) > 0 ? Seconds(Work(run)) : "",
            run.SavedSeconds > 0 ? Seconds(run.SavedSeconds) : "",
            new(Why(run), Tone.Faint),
        ]));

    // What tables have no room for: of the runs that did not end well.
    private static IEnumerable<string> Notes(RunListing listing, Page page)
    {
        string[] unwell = [.. listing.Runs.SelectMany(run => Unwell(run, listing.Stage))];
        if (unwell.Length > 0)
            yield return "";
        foreach (var line in unwell.SelectMany(note => page.Wrap(note)))
            yield return line;
        if (listing.Stage is null && listing.Runs.Count < listing.Kept)
        {
            yield return "";
            yield return FormattableString.Invariant(
                $"{listing.Runs.Count} of {Wording.Count(listing.Kept, "run")}; --last {listing.Kept} shows all");
        }
    }

    // Of one stage what failed of it, else what made the run fail.
    private static IEnumerable<string> Unwell(RunListing.Run run, string? stage) => run.State switch
    {
        RunState.Killed =>
            [$"{Moment(run.BeganUtc)} killed: its process died on {run.Host}; what had ended by then is kept"],
        _ when stage is not null => run.Units.Where(unit => unit.Failure is not null)
            .Select(unit => $"{Moment(run.BeganUtc)} {unit.Name} failed: {unit.Failure}"),
        RunState.Failed => [$"{Moment(run.BeganUtc)} failed: {run.Failure}"],
        _ => [],
    };

    // Train ran in 3 of 5 runs: 0.79 s to 1.20 s, half of them within 0.83 s
    private static IEnumerable<string> Durations(RunListing listing, Page page)
    {
        double[] worked =
        [
            .. listing.Runs.Where(run => Count(run, UnitFate.Ran) > 0 && Count(run, UnitFate.Failed) == 0)
                .Select(Work).Order(),
        ];
        if (worked.Length == 0)
            return [];
        var range = worked.Length == 1 ? Seconds(worked[0]) : $"{Seconds(worked[0])} to {Seconds(worked[^1])}" +
            (worked.Length == 2 ? "" : $", half of them within {Seconds(worked[(worked.Length - 1) / 2])}");
        return
        [
            "",
            .. page.Wrap(
                $"{listing.Stage} ran in {worked.Length} of {Wording.Count(listing.Runs.Count, "run")}: {range}"),
        ];
    }

    private static PageCell Outcome(RunListing.Run run) => new(WordOf(run.State), run.State switch
    {
        RunState.Succeeded => Tone.Good,
        RunState.Failed or RunState.Killed => Tone.Doubtful,
        RunState.Interrupted => Tone.Faint,
        RunState.Running => Tone.Plain,
        _ => throw new InvalidOperationException($"BUG: unknown state {run.State}."),
    });

    private static PageCell Fates(RunListing.Run run) => new(FateText(run),
        Count(run, UnitFate.Failed) > 0 ? Tone.Doubtful : Count(run, UnitFate.Ran) > 0 ? Tone.Good : Tone.Plain);

    // ran; or of a stage with partitions: ran 2, up to date 10
    private static string FateText(RunListing.Run run) => run.Units is [{ Count: 1 } one] && !one.Name.Contains('/')
        ? WordOf(one.Fate)
        : string.Join(", ", run.Units.GroupBy(unit => unit.Fate).OrderBy(group => Weight(group.Key))
            .Select(group => $"{WordOf(group.Key)} {Number(group.Sum(unit => unit.Count))}"));

    private static string Why(RunListing.Run run) => run.Units.OrderBy(unit => Weight(unit.Fate))
        .Select(unit => unit.Failure ?? unit.Because).FirstOrDefault(text => text.Length > 0) ?? "";

    // What one wants to know first.
    private static int Weight(UnitFate fate) => fate switch
    {
        UnitFate.Failed => 0,
        UnitFate.Ran => 1,
        UnitFate.Restored => 2,
        UnitFate.UpToDate => 3,
        UnitFate.Frozen => 4,
        UnitFate.LeftOut => 5,
        UnitFate.NotRun => 6,
        _ => throw new InvalidOperationException($"BUG: unknown fate {fate}."),
    };

    private static int Count(RunListing.Run run, UnitFate fate) =>
        run.Units.Where(unit => unit.Fate == fate).Sum(unit => unit.Count);

    private static double Work(RunListing.Run run) => run.Units.Sum(unit => unit.DurationSeconds);

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(double seconds) => Wording.Duration(TimeSpan.FromSeconds(seconds));

    private static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
