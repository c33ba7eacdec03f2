using MLBuild.Engine.Stages;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Features;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Monitor;

/// <summary>What one file has in each window.</summary>
/// <param name="Version">The version that serves, by whose profiles rows were counted; 0 where none does.</param>
public sealed record WindowsReport(
    int Version, WindowRule Rule, LabelSource Labels, IReadOnlyList<WindowTally> Windows);

/// <summary>Counts the rows of one file by window: what breaks the contract, and of the others features, what the
/// serving model predicts for them, and its errors where labels are there. A file that was counted is not read again
/// until it, the labels or the serving model change.</summary>
public static class WindowsStage
{
    public const string Report = "windows.json";

    /// <summary>The rows that have the labels, where these are joined: those of a stage that is named Labels.</summary>
    public const string LabelRows = "Labels/" + IngestStage.Rows;

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Report];

    /// <summary>What the model that serves must have been registered with.</summary>
    public static readonly string[] ChampionAttachments =
    [
        FeaturesStage.Schema, FeaturesStage.Profile, FeaturesStage.State, EvaluateStage.Scores, ReferenceStage.Report,
    ];

    // A window takes some hundred kilobytes while its file is read.
    private const int MostWindows = 1_000;

    /// <exception cref="ArgumentException">Windows are of time, and the definition does not say when a row is
    /// predicted.</exception>
    /// <exception cref="ChampionException">What serves cannot be read.</exception>
    /// <exception cref="FeatureSchemaException">The serving model takes other features than this code
    /// computes.</exception>
    /// <exception cref="TooManyWindowsException">The file has rows of more windows than are counted at
    /// once.</exception>
    public static void Run<TRow>(
        StageRun run, ModelDefinition<TRow> definition, Contract<TRow> contract,
        IReadOnlyList<BusinessMetric<TRow>> metrics, WindowsOptions options)
        where TRow : class, new()
    {
        if (options.Window.IsOfTime && definition.PredictedAt is null)
            throw new ArgumentException(
                $"Windows by {options.Window} need the time of a row, and the definition of '{definition.Name}' does "
                + "not say it. Set its PredictedAt, or take windows by file or by a number of rows.");
        if (ServingModel.Of(run) is not { } serving)
        {
            // Monitor says so once, and not for each file.
            ReportFile.Write(run.Output(Report), new WindowsReport(0, options.Window, options.Labels, []));
            return;
        }
        var computer = serving.Computer(run, definition.Features);
        var model = serving.Load(run);
        var task = model.Schema.Task;
        if (!definition.Task.Equals(task))
            throw new ChampionException($"Version {serving.Version}, which serves, is a model of {task}, and the "
                + $"definition of '{definition.Name}' is one of {definition.Task}: its labels say nothing of that "
                + "version's predictions. Deploy a model of this code.");
        var ingested = ReportFile.Read<IngestReport>(run.Input(IngestStage.Report));
        var labels = options.Labels == LabelSource.Joined ? Labels(run, definition) : null;
        var (features, scorer) = (new float[definition.Features.Width], new RowScorer(model));
        var windows = new SortedDictionary<Window, RowCounter<TRow>>();
        // Those of the labels are called the same.
        var rows = run.Inputs(IngestStage.Rows).Single(input => $"{input.Stage}/{input.Output}" != LabelRows);
        using var pass = RowTable.Read<TRow>(rows.Path).Begin(new());
        for (var first = 0L; pass.Next(); first += pass.Batch.Count)
        {
            run.Cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < pass.Batch.Count; i++)
            {
                var row = pass.Batch.Row(i);
                var counter = Counter(options.Window.IsOfTime
                    ? options.Window.At(definition.PredictedAt!(row))
                    : options.Window.At(run.Partition ?? ingested.File, first + i));
                if (!counter.Accepts(row, pass.Batch.Source(i)))
                    continue;
                computer.Compute(row, features);
                var scores = scorer.Score(features);
                var labelled = options.Labels switch
                {
                    LabelSource.Rows => row,
                    LabelSource.Joined => labels!.GetValueOrDefault(KeyOf(definition)(row)),
                    _ => null,
                };
                counter.Add(features, scores, labelled is null ? double.NaN : definition.Label(labelled), labelled);
            }
        }
        // A file without rows is a window by its name, so that what is wrong with it is said.
        if (windows.Count == 0)
            Counter(new(run.Partition ?? ingested.File, null, null));
        WindowTally[] tallies = [.. Tallies(windows, ingested)];
        foreach (var counter in windows.Values)
            counter.Dispose();
        ReportFile.Write(
            run.Output(Report), new WindowsReport(serving.Version, options.Window, options.Labels, tallies));

        RowCounter<TRow> Counter(Window window)
        {
            if (windows.TryGetValue(window, out var counter))
                return counter;
            if (windows.Count == MostWindows)
                throw new TooManyWindowsException($"'{ingested.File}' has rows of more than {MostWindows} windows by "
                    + $"{options.Window}. Take longer ones, or smaller files.");
            var check = contract.Begin();
            check.Open(ingested.File, ingested.Columns);
            return windows[window] = new(serving, task, check, metrics);
        }
    }

    // A row that is set aside may have a time that is as wrong: where its window has no row that satisfies the
    // contract, it counts in the one that has most of the file.
    private static IEnumerable<WindowTally> Tallies<TRow>(
        SortedDictionary<Window, RowCounter<TRow>> windows, IngestReport ingested)
        where TRow : class, new()
    {
        var main = windows.MaxBy(pair => pair.Value.Rows).Key;
        var quality = windows[main].Quality(ingested.RowsRead, ingested.Quarantined);
        foreach (var (window, counter) in windows.Where(pair => pair.Value.Rows == 0 && pair.Key != main))
            quality = quality.Plus(counter.Quality(0, 0) with { Broken = [] });
        return windows.Where(pair => pair.Value.Rows > 0 || pair.Key == main).Select(pair => pair.Value.ToTally(
            pair.Key, pair.Key == main ? quality : pair.Value.Quality(0, 0)));
    }

    // Of several rows with one key the last has the label: it is the later one.
    private static Dictionary<RowKey, TRow> Labels<TRow>(StageRun run, ModelDefinition<TRow> definition)
        where TRow : class, new()
    {
        var labels = new Dictionary<RowKey, TRow>();
        foreach (var input in run.Inputs(LabelRows))
        {
            run.Cancel.ThrowIfCancellationRequested();
            foreach (var row in RowTable.Read<TRow>(input.Path))
                labels[KeyOf(definition)(row.Row)] = row.Row;
        }
        return labels;
    }

    private static Func<TRow, RowKey> KeyOf<TRow>(ModelDefinition<TRow> definition) =>
        definition.ServedKey ?? definition.Key;
}

/// <summary>Rows are spread over more windows than are judged at once.</summary>
public sealed class TooManyWindowsException(string message) : Exception(message);
