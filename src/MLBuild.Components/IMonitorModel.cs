using MLBuild.Engine.Stages;
using MLBuild.Learning.Monitoring;
using MLBuild.Nuke;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Rollouts;
using MLBuild.Stages.Skew;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using Nuke.Common;
using Nuke.Common.IO;

namespace MLBuild.Components;

/// <summary>The stages that judge what the serving model gets, against what it learned from. A build gets them by
/// naming this component.</summary>
public interface IMonitorModel<TRow> : ITrainModel<TRow>, IDeployModel, IWatchModel
    where TRow : class, new()
{
    [Parameter("Recent rows for Monitor, with --prediction-log their labels: files, folders or globs; else data/")]
    AbsolutePath[] RecentRows => TryGetValue(() => RecentRows) ?? [RootDirectory / "data"];

    [Parameter("What Monitor judges together: file (the default), day, week, month, or a number of rows")]
    string WindowsBy => TryGetValue(() => WindowsBy) ?? "file";

    [Parameter("How far Monitor looks back: 24h, 7d, 2w; by default all of --recent-rows")]
    string? Since => TryGetValue(() => Since);

    /// <summary>When something is found in a window, and which windows are looked at.</summary>
    MonitorOptions Watched => new()
    {
        Since = Since is { } since ? LookBack.Parse(since) : null,
        History = MonitorHistory,
    };

    // A retraining learns also from what was monitored; a file in both is found once.
    AbsolutePath[] ITrainModel<TRow>.LearnFrom =>
        this is IRetrainModel { IsRetraining: true } ? [.. Data, .. RecentRows] : Data;

    IArrivingLabels? IDeployModel.CanaryEvidence => EvidenceFor(Model);

    private WindowsOptions Windowing => new() { Window = WindowRule.Parse(WindowsBy) };

    private IReadOnlyList<SourceFile> RecentFiles =>
        SourceFiles.Find(RecentRows.Select(path => path.ToString()), RowFiles.Extensions, "--recent-rows");

    Target Recent => _ => _
        .Description("Reads the rows of --recent-rows, as Ingest does")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => PredictionLog is null ? RecentFiles : [])
            .Writes(IngestStage.Outputs)
            .Runs(run => IngestStage.Run(run, Duplicates)));

    Target Windows => _ => _
        .Description("Counts recent rows by window, as the serving model sees them")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(Recent, IngestStage.Rows, IngestStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(WindowsStage.ChampionAttachments))
            .Writes(WindowsStage.Outputs)
            .Runs((run, options) => WindowsStage.Run(run, Model, Contract, Worth, options), () => Windowing));

    Target Predictions => _ => _
        .Description("Reads what was predicted: the files of --prediction-log")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => PredictionLog is { } log ? SourceFiles.Find([log], ".parquet", "--prediction-log") : [])
            .Writes(PredictionsStage.Outputs)
            .Runs(run => PredictionsStage.Run(run)));

    Target Labels => _ => _
        .Description("Reads the rows of --recent-rows as labels of what was predicted")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => PredictionLog is null ? [] : RecentFiles)
            .Writes(IngestStage.Outputs)
            .Runs(run => IngestStage.Run(run, Duplicates)));

    Target ServedWindows => _ => _
        .Description("Counts by window what was predicted, with the labels that have arrived")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => PredictionLog is null ? [] : (string[])["log"])
            .Reads(Predictions, PredictionsStage.Rows)
            .Reads(Labels, IngestStage.Rows, IngestStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(WindowsStage.ChampionAttachments))
            .Writes(ServedWindowsStage.Outputs)
            .Runs((run, options) => ServedWindowsStage.Run(run, Model, Contract, Worth, options),
                (string _) => Windowing with { Labels = LabelSource.Joined }));

    // Either is empty: recent rows are judged themselves, or are the labels of what the log has.
    new Target Monitor => _ => _
        .Description("Judges recent rows (--recent-rows, --since 7d), or what was served (--prediction-log), against " +
            "what the serving model learned from")
        .Stage(stage => stage
            .Reads(Windows, WindowsStage.Report)
            .Reads(ServedWindows, WindowsStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(WindowsStage.ChampionAttachments))
            .Writes(MonitorStage.Outputs)
            .AlwaysRuns()
            .Runs((run, options) => MonitorStage.Run(run, Worth, options), () => Watched));

    Target IWatchModel.Monitor => Monitor;

    Target Skew => _ => _
        .Description("Compares features that were served (--prediction-log) with those of training, bit for bit")
        .Requires(() => PredictionLog)
        .Stage(stage => stage
            .Reads(Predictions, PredictionsStage.Rows)
            .Reads(Split, SplitStage.Train, SplitStage.HoldOut)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(SkewStage.ChampionAttachments))
            .Writes(SkewStage.Outputs)
            .Runs(run => SkewStage.Run(run, Model)));
}
