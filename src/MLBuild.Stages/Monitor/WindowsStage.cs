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

/// <summary>Counts the rows of one file by window: what breaks the contract, and of the others features, what the
/// serving model predicts for them, and its errors where labels are there. Where labels are joined, all rows that it
/// reads of another stage than that of the file have them. A file that was counted is not read again until it, the
/// labels or the serving model change.</summary>
public static class WindowsStage
{
    public const string Report = "windows.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Report];

    /// <summary>What the model that serves must have been registered with.</summary>
    public static readonly string[] ChampionAttachments =
    [
        FeaturesStage.Schema, FeaturesStage.Profile, FeaturesStage.State, EvaluateStage.Scores, ReferenceStage.Report,
    ];

    /// <exception cref="ArgumentException">Windows are of time, and the definition does not say when a row is
    /// predicted; labels are joined, and no rows are read that have any; or a business metric has no name of its own,
    /// or a limit that is none.</exception>
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
        BusinessMetrics.Validate(metrics);
        if (options.Window.IsOfTime && definition.PredictedAt is null)
            throw new ArgumentException(
                $"Windows by {options.Window} need the time of a row, and the definition of '{definition.Name}' does "
                + "not say it. Set its PredictedAt, or take windows by file or by a number of rows.");
        if (ServingModel.Of(run) is not { } serving)
        {
            // Monitor says so once, and not for each file.
            ReportFile.Write(run.Output(Report), new FileTallies(0, options.Window, options.Labels, [], []));
            return;
        }
        var computer = serving.Computer(run, definition.Features);
        var model = serving.Load(run, definition);
        var task = model.Schema.Task;
        var report = run.InputFile(IngestStage.Report);
        var ingested = ReportFile.Read<IngestReport>(report.Path);
        var key = definition.ServedKey ?? definition.Key;
        // Those of the labels are called the same.
        var ofStages = run.Inputs(IngestStage.Rows).ToLookup(input => input.Stage == report.Stage, input => input.Path);
        var rows = ofStages[true].Single();
        if (options.Labels == LabelSource.Joined && !ofStages[false].Any())
            throw new ArgumentException(
                $"Labels are Joined, and the only rows that are read are those of '{report.Stage}'. Let the stage read "
                + $"'{IngestStage.Rows}' of another that has the labels, or take Rows or None.");
        var labels = options.Labels == LabelSource.Joined ? Labels() : null;
        var (features, scorer) = (new float[definition.Features.Width], new RowScorer(model));
        using var windows = new WindowCounters<TRow>(
            ingested, options.Window, () => new(serving, task, Check(), metrics));
        using var pass = RowTable.Read<TRow>(rows).Begin(new());
        for (var first = 0L; pass.Next(); first += pass.Batch.Count)
        {
            run.Cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < pass.Batch.Count; i++)
            {
                var row = pass.Batch.Row(i);
                var counter = windows.Of(options.Window.IsOfTime
                    ? options.Window.At(definition.PredictedAt!(row))
                    : options.Window.At(run.Partition ?? ingested.File, first + i));
                if (!counter.Accepts(row, pass.Batch.Source(i)))
                    continue;
                computer.Compute(row, features);
                var scores = scorer.Score(features);
                var labelled = options.Labels switch
                {
                    LabelSource.Rows => row,
                    LabelSource.Joined => labels!.GetValueOrDefault(key(row)),
                    _ => null,
                };
                counter.Add(
                    features, definition.Features.WordsOf(row), scores,
                    labelled is null ? double.NaN : definition.Label(labelled), labelled);
            }
        }
        // A file without rows is a window by its name, so that what is wrong with it is said.
        if (windows.Count == 0)
            windows.Of(new(run.Partition ?? ingested.File, null, null));
        ReportFile.Write(
            run.Output(Report),
            new FileTallies(serving.Version, options.Window, options.Labels, [.. windows.Tallies()], []));

        ContractCheck<TRow> Check()
        {
            var check = contract.Begin();
            check.Open(ingested.File, ingested.Columns);
            return check;
        }

        Dictionary<RowKey, TRow> Labels()
        {
            using var check = Check();
            return JoinedLabels.Find(
                ofStages[false], JoinedLabels.Keys(rows, check, key, run.Cancel), key, run.Cancel);
        }
    }
}
