using MLBuild.Engine.Stages;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Monitor;

/// <summary>Counts what the version that serves has really seen and predicted, by window: the rows of a prediction log,
/// with the labels that the rows it reads of other stages have for them by now. Nothing is computed or scored again. A
/// window of time is one of UTC, in which the log says when it predicted.</summary>
public static class ServedWindowsStage
{
    /// <summary>What the stage writes: the same as <see cref="WindowsStage"/>.</summary>
    public static readonly string[] Outputs = [WindowsStage.Report];

    // What a log is called where its files do not matter.
    private const string Log = "prediction log";

    /// <exception cref="ArgumentException">Labels are said to be in the log, or a business metric has no name of its
    /// own, or a limit that is none.</exception>
    /// <exception cref="ChampionException">What serves cannot be read.</exception>
    /// <exception cref="TableException">The log is of another model.</exception>
    /// <exception cref="TooManyWindowsException">The log has rows of more windows than are counted at once.</exception>
    public static void Run<TRow>(
        StageRun run, ModelDefinition<TRow> definition, Contract<TRow> contract,
        IReadOnlyList<BusinessMetric<TRow>> metrics, WindowsOptions options)
        where TRow : class, new()
    {
        BusinessMetrics.Validate(metrics);
        if (options.Labels == LabelSource.Rows)
            throw new ArgumentException("Labels are Rows, and a prediction log has none. Take Joined or None.");
        if (ServingModel.Of(run) is not { } serving)
        {
            // Monitor says so.
            ReportFile.Write(
                run.Output(WindowsStage.Report), new FileTallies(0, options.Window, options.Labels, [], []));
            return;
        }
        var task = serving.Load(run, definition).Schema.Task;
        var join = new ServedJoin<TRow>(task, metrics);
        var windows = new WindowsByRule<PredictionCounter<TRow>>(
            Log, options.Window, () => new(serving, task, metrics));
        var remarks = AddServed(run, serving, task, options.Window, join, windows);
        if (options.Labels == LabelSource.Joined)
            remarks = [.. remarks, .. AddLabels(run, definition, contract, join)];
        join.Complete();
        // That nothing was served is to be said too.
        if (windows.All.Count == 0)
            windows.Of(new(Log, null, null));
        ReportFile.Write(run.Output(WindowsStage.Report), new FileTallies(
            serving.Version, options.Window, options.Labels,
            [
                .. windows.All.Select(pair => pair.Value.ToTally(pair.Key, new(pair.Value.Rows, 0, 0, [], []))),
            ],
            remarks));
    }

    // Of rows with one key the first counts: a request that is repeated is no further evidence, and does not change
    // what was said of an earlier window.
    private static string[] AddServed<TRow>(
        StageRun run, ServingModel serving, LearningTask task, WindowRule rule, ServedJoin<TRow> join,
        WindowsByRule<PredictionCounter<TRow>> windows)
    {
        var schema = serving.Schema(run);
        var others = new SortedDictionary<int, long>();
        var repeated = 0L;
        foreach (var file in run.Inputs(PredictionsStage.Rows))
        {
            run.Cancel.ThrowIfCancellationRequested();
            var name = file.Partition ?? file.Output;
            foreach (var served in ServedRows.Read(file.Path, name))
            {
                if (served.Version != serving.Version)
                {
                    others[served.Version] = others.GetValueOrDefault(served.Version) + 1;
                    continue;
                }
                var (features, scores) = (served.FeaturesOf(schema), served.ScoresOf(task));
                if (join.Has(served.RowKey))
                    repeated++;
                else
                    join.Add(served.RowKey, windows.Of(At(served, name)), features, scores);
            }
        }
        var counts = others.Select(other => FormattableString.Invariant($"version {other.Key}: {other.Value:N0}"));
        return
        [
            others.Count == 0
                ? $"{Figures.Count(join.Rows + repeated, "served row")} in the log, all of version {serving.Version}"
                : $"{Figures.Count(join.Rows + repeated, "served row")} of version {serving.Version} in the log; those "
                    + $"of other versions are not judged ({string.Join(", ", counts)})",
            .. repeated == 0
                ? []
                : (string[])[$"{Figures.Count(repeated, "served row")} had the key of an earlier one, which counts"],
        ];

        Window At(ServedRow served, string file) => rule.Kind switch
        {
            WindowKind.File => rule.At(file, 0),
            // Files are of a minute: what is counted goes on from one to the next.
            WindowKind.Rows => rule.At(Log, join.Rows),
            _ => rule.At(served.TimeUtc),
        };
    }

    private static string[] AddLabels<TRow>(
        StageRun run, ModelDefinition<TRow> definition, Contract<TRow> contract, ServedJoin<TRow> join)
        where TRow : class, new()
    {
        var key = definition.ServedKey ?? definition.Key;
        var (rows, broken, found) = (0L, 0L, 0L);
        foreach (var (table, about) in run.Inputs(IngestStage.Rows).Zip(run.Inputs(IngestStage.Report)))
        {
            var ingested = ReportFile.Read<IngestReport>(about.Path);
            using var check = contract.Begin();
            check.Open(ingested.File, ingested.Columns);
            foreach (var (row, file, line) in RowTable.Read<TRow>(table.Path))
            {
                run.Cancel.ThrowIfCancellationRequested();
                rows++;
                // A key may need what the contract demands.
                if (check.Check(row, new(file, line)) is not RowOutcome.Accepted)
                    broken++;
                else if (join.Label(key(row), row, definition.Label(row)))
                    found++;
            }
        }
        return
        [
            .. broken == 0
                ? []
                : (string[])[$"labels of {Figures.Count(broken, "row")} are left out: the contract is broken there"],
            .. found > 0 || join.Rows == 0
                ? []
                : (string[])[
                    $"none of {Figures.Count(rows, "row")} with labels has the key of a served one: none has arrived "
                    + "yet, or they are other rows than those that are served",
                ],
        ];
    }
}
