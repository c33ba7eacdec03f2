using System.Globalization;
using System.Text;
using MLBuild.Store;

namespace MLBuild.Engine.History;

/// <summary>The lines in which the journal keeps a run. The first tell how it began, each other one how a piece of work
/// or, at last, the run ended: so half a text tells what had happened by then.</summary>
internal static class RunText
{
    private const string Header = "mlbuild-run 1";
    private const string Time = "yyyy-MM-ddTHH:mm:ss.fffZ";

    // Reasons and failures are for a line of a table; the whole of it is elsewhere.
    private const int LongestSentence = 300;

    public static string Of(RunStart start) => string.Create(CultureInfo.InvariantCulture,
        $"{Header}\nbegan\t{start.BeganAt.ToUniversalTime().ToString(Time, CultureInfo.InvariantCulture)}\n" +
        $"command\t{OneLine(start.Command)}\nhost\t{OneLine(start.Host)}\ncommit\t{start.Commit}\n");

    public static string Of(RunUnit unit) => string.Create(CultureInfo.InvariantCulture,
        $"unit\t{WordOf(unit.Fate)}\t{unit.Count}\t{Milliseconds(unit.Duration)}\t{Milliseconds(unit.Saved)}\t" +
        $"{unit.Fingerprint}\t{unit.Name}\t{OneLine(unit.Because)}\t{OneLine(unit.Failure ?? "")}\n");

    public static string OfEnd(RunState state, TimeSpan duration, string? failure) =>
        string.Create(CultureInfo.InvariantCulture,
            $"ended\t{WordOf(state)}\t{Milliseconds(duration)}\t{OneLine(failure ?? "")}\n");

    /// <summary>A run that has ended; null if the text is damaged.</summary>
    public static RunEntry? Ended(string id, string sealedText) =>
        SealedText.Open(sealedText) is { } text && Parse(id, text) is { State: not RunState.Killed } run ? run : null;

    /// <summary>A run that says nothing of its end, up to its last whole line; null if not even its beginning is
    /// there.</summary>
    public static RunEntry? Begun(string id, string text, bool goesOn) =>
        Parse(id, text[..(text.LastIndexOf('\n') + 1)]) is { } run
            ? run with { State = goesOn ? RunState.Running : RunState.Killed }
            : null;

    private static RunEntry? Parse(string id, string text)
    {
        if (text.Split('\n') is not [Header, var began, var command, var host, var commit, .. var lines]
            || began.Split('\t') is not ["began", var at] || command.Split('\t') is not ["command", var asked]
            || host.Split('\t') is not ["host", var where] || commit.Split('\t') is not ["commit", var revision]
            || !DateTimeOffset.TryParseExact(at, Time, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var time))
            return null;
        var units = new List<RunUnit>(lines.Length);
        var run = new RunEntry(
            id, new(time, asked, where, revision.Length == 0 ? null : revision), RunState.Killed, units);
        foreach (var line in lines)
        {
            switch (line.Split('\t'))
            {
                case [""]:
                    break;
                case ["unit", .. var fields] when UnitOf(fields) is { } unit:
                    units.Add(unit);
                    break;
                case ["ended", var word, var took, var failure] when StateOf(word) is { } state && Span(took) is { } s:
                    run = run with { State = state, Duration = s, Failure = failure.Length == 0 ? null : failure };
                    break;
                default:
                    return null;
            }
        }
        return run;
    }

    private static RunUnit? UnitOf(string[] fields) =>
        fields is [var word, var count, var took, var saved, var hash, var name, var because, var failure]
        && FateOf(word) is { } fate && int.TryParse(count, CultureInfo.InvariantCulture, out var many)
        && Span(took) is { } duration && Span(saved) is { } spared
        && name.Split('/', 2) is [var stage, .. var partition]
            ? new(stage, partition is [var only] ? only : null, fate)
            {
                Count = many,
                Because = because,
                Fingerprint = ContentHash.TryParse(hash, out var print) ? print : null,
                Duration = duration,
                Saved = spared,
                Failure = failure.Length == 0 ? null : failure,
            }
            : null;

    // Not Enum.Parse, which would have to be compiled at each start.
    private static string WordOf(UnitFate fate) => fate switch
    {
        UnitFate.UpToDate => "up-to-date",
        UnitFate.Restored => "restored",
        UnitFate.Ran => "ran",
        UnitFate.Failed => "failed",
        UnitFate.Frozen => "frozen",
        UnitFate.LeftOut => "left-out",
        UnitFate.NotRun => "not-run",
        _ => throw new InvalidOperationException($"BUG: unknown fate {fate}."),
    };

    private static UnitFate? FateOf(string word) => word switch
    {
        "up-to-date" => UnitFate.UpToDate,
        "restored" => UnitFate.Restored,
        "ran" => UnitFate.Ran,
        "failed" => UnitFate.Failed,
        "frozen" => UnitFate.Frozen,
        "left-out" => UnitFate.LeftOut,
        "not-run" => UnitFate.NotRun,
        _ => null,
    };

    private static string WordOf(RunState state) => state switch
    {
        RunState.Succeeded => "succeeded",
        RunState.Failed => "failed",
        RunState.Interrupted => "interrupted",
        _ => throw new InvalidOperationException($"BUG: a run does not end as {state}."),
    };

    private static RunState? StateOf(string word) => word switch
    {
        "succeeded" => RunState.Succeeded,
        "failed" => RunState.Failed,
        "interrupted" => RunState.Interrupted,
        _ => null,
    };

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    private static TimeSpan? Span(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds < long.MaxValue / TimeSpan.TicksPerMillisecond
            ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private static string OneLine(string text)
    {
        var line = text.Length > LongestSentence ? text[..LongestSentence] + "…" : text;
        if (!line.Any(char.IsControl))
            return line;
        var clean = new StringBuilder(line.Length);
        foreach (var c in line)
            clean.Append(char.IsControl(c) ? ' ' : c);
        return clean.ToString();
    }
}
