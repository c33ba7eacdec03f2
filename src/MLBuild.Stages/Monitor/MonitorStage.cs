using System.Globalization;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Monitor;

/// <summary>Judges windows of recent rows against what the serving model learned from, draws them with those that were
/// judged before, and keeps what it says. An upsert by window: judging twice is judging once.</summary>
public static class MonitorStage
{
    public const string Report = "monitor.json";
    public const string Page = "monitor.html";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Report, Page];

    private const int MostWindows = 1_000;

    /// <exception cref="ArgumentException">An option is out of its range, or a business metric has no name of its own
    /// or a limit that is none.</exception>
    /// <exception cref="ChampionException">Nothing serves, or what serves cannot be read.</exception>
    /// <exception cref="TooManyWindowsException">The rows are of more windows than are judged at once.</exception>
    public static void Run<TRow>(StageRun run, IReadOnlyList<BusinessMetric<TRow>> metrics, MonitorOptions options)
        where TRow : class, new()
    {
        options.Validate();
        BusinessMetrics.Validate(metrics);
        var serving = ServingModel.Of(run) ?? throw new ChampionException("No model serves yet, so there is nothing to "
            + "monitor. Deploy one with ./build.sh Deploy --model-version N.");
        var files = run.Inputs(WindowsStage.Report).Select(input => ReportFile.Read<FileTallies>(input.Path))
            .ToArray();
        if (files.FirstOrDefault(file => file.Version != serving.Version) is { } other)
            throw new ChampionException($"The rows were counted for version {other.Version}, and version "
                + $"{serving.Version} serves now: it was deployed meanwhile. Run Monitor again.");
        var rule = files[0].Rule;
        var judge = new WindowJudge<TRow>(
            serving.Version, [.. serving.Features, .. serving.Predictions], serving.Reference, metrics,
            files[0].Labels, new(options.Drift, options.Performance, options.MaxQuarantined));
        var parts = files.SelectMany(file => file.Windows).ToLookup(part => part.Window);
        var windows = DecisiveLast(rule,
            [.. Windows(rule, parts.Select(part => part.Key), options).Select(window =>
                judge.Judge(window, [.. parts[window]]))]);

        var history = new MonitorHistory(options.History);
        foreach (var window in windows)
            history.Put(rule, window);
        var all = history.Read(rule, run.Log);
        var earlier = all.Where(before => !windows.Any(now => IsSame(now, before))).ToArray();
        var report = new MonitorReport(
            serving.Version, windows[^1].Verdict, windows,
            [.. earlier.Select(one =>
                new EarlierWindow(one.Window.Name, one.Version, one.Verdict, one.Findings))])
        {
            LearnedRows = serving.Features[0].RowCount,
            LearnedTimes = serving.Reference.Times,
        };
        ReportFile.Write(run.Output(Report), report);
        File.WriteAllText(
            run.Output(Page), MonitorPage.Render(report, all, [.. serving.Features, .. serving.Predictions]));
        foreach (var line in files.SelectMany(file => file.Remarks).Concat(MonitorText.Lines(report)))
            run.Log(line);
    }

    // A file without a readable row is in no window of time, and stands before all that are: that its data is bad is to
    // be acted on all the same.
    private static WindowReport[] DecisiveLast(WindowRule rule, WindowReport[] windows)
    {
        var unread = !rule.IsOfTime ? null : windows.LastOrDefault(window =>
            window is { Window.From: null, Verdict: WindowVerdict.BadData });
        return unread is null ? windows : [.. windows.Where(window => window != unread), unread];
    }

    private static bool IsSame(WindowReport one, WindowReport other) =>
        one.Version == other.Version && one.Window == other.Window;

    // A window without rows between others is one too: that nothing came is worth knowing.
    private static IEnumerable<Window> Windows(WindowRule rule, IEnumerable<Window> found, MonitorOptions options)
    {
        Window[] sorted = [.. found.Order()];
        if (!rule.IsOfTime)
            return options.Since is null
                ? sorted
                : throw new ArgumentException($"Since looks back in time, and windows by {rule} have none. "
                    + "Take windows by day, week or month.");
        var ofTime = sorted.Where(window => window.From is not null).ToArray();
        if (ofTime is [])
            return sorted;
        var end = options.AsOf ?? ofTime[^1].To!.Value;
        var begin = options.Since is { } since ? end - since : ofTime[0].From!.Value;
        var from = ofTime[0].From!.Value > begin ? ofTime[0] : rule.At(begin);
        var windows = new List<Window>();
        for (var window = from; window.From < end || window.From <= ofTime[^1].From; window = rule.At(window.To!.Value))
        {
            windows.Add(window);
            if (windows.Count > MostWindows)
                throw new TooManyWindowsException(string.Create(CultureInfo.InvariantCulture,
                    $"From {from.Name} to {ofTime[^1].Name} there are more than {MostWindows} windows. ")
                    + "Look back less far with --since, or take longer ones.");
            // Nothing follows the end of the calendar.
            if (window.To == DateTime.MaxValue)
                break;
        }
        return [.. sorted.Where(window => window.From is null), .. windows];
    }
}
