using System.Globalization;
using Nuke.Common.Execution;

namespace MLBuild.NukeCompat;

/// <summary>The table at the end of a build: each target's status, time and remarks.</summary>
internal static class SummaryTable
{
    // No-break spaces, as in NUKE: web pages that show the log of a build server do not collapse them, and scripts
    // that read the table read the same on either engine.
    private const char Padding = '\u00A0';

    private const int StatusWidth = 10;
    private const int DurationWidth = 10;

    public static IEnumerable<ConsoleLine> Lines(IReadOnlyCollection<ExecutableTarget> plan)
    {
        var (longest, ticks) = (0, 0L);
        foreach (var target in plan)
            (longest, ticks) = (Math.Max(longest, target.Name.Length), ticks + target.Duration.Ticks);
        var nameWidth = Math.Max(longest + 4, 19);
        var width = nameWidth + StatusWidth + DurationWidth;
        string Row(string name, string status, string duration) =>
            name.PadRight(nameWidth, Padding) + status.PadRight(StatusWidth, Padding)
            + duration.PadLeft(DurationWidth, Padding);

        yield return new("", Paint.Plain);
        yield return new(new string('═', width), Paint.Plain);
        yield return new(Row("Target", "Status", "Duration"), Paint.Strong);
        yield return new(new string('─', width), Paint.Plain);
        foreach (var target in plan.Where(target => target.Status != ExecutionStatus.Collective))
            yield return new(
                Row(target.Name, target.Status.ToString(), Ran(target) ? Text(target.Duration) : "") + Remarks(target),
                Colour(target.Status));
        yield return new(new string('─', width), Paint.Plain);
        yield return new(Row("Total", "", Text(TimeSpan.FromTicks(ticks))), Paint.Strong);
        yield return new(new string('═', width), Paint.Plain);
    }

    private static string Text(TimeSpan duration) => duration.TotalSeconds < 1
        ? "< 1sec"
        : string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes}:{duration.Seconds:00}");

    private static string Remarks(ExecutableTarget target) => target.SummaryInformation.Count == 0
        ? ""
        : new string(Padding, 3) + "// "
            + string.Join(", ", target.SummaryInformation.Select(pair => $"{pair.Key}: {pair.Value}"));

    private static bool Ran(ExecutableTarget target) =>
        target.Status is ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Aborted;

    private static Paint Colour(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Succeeded => Paint.Success,
        ExecutionStatus.Failed => Paint.Error,
        ExecutionStatus.Aborted or ExecutionStatus.NotRun => Paint.Warning,
        _ => Paint.Plain
    };
}
