using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Cards;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Infer;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Register;
using MLBuild.Stages.Skew;
using MLBuild.Stages.Split;
using MLBuild.Stages.Train;
using MLBuild.Stages.Validate;

namespace MLBuild.Stages.Tests.Pipelines;

/// <summary>The whole pipeline of sales in one space. A test changes an option, or the code of one stage, and runs it
/// again. </summary>
internal sealed class SaleBuild(PipelineSpace space)
{
    /// <summary>The folder of rows to learn from, within that of the space; by default the whole.</summary>
    public string Data { get; set; } = "";

    public ValidateOptions Validate { get; set; } = new();

    public KeySplit Split { get; set; } = new() { HoldOutShare = 0.3 };

    public TrainingOptions Train { get; set; } = new() { Iterations = 30, Leaves = 8 };

    public EvaluateOptions Evaluate { get; set; } = new()
    {
        MaxRmse = 30,
        MinR2 = 0.5,
        MinShareWithinTenPercent = 0.5,
        MinRows = 200,
        MinSliceRows = 100,
        MinSubgroupRows = 100,
    };

    public WindowsOptions Windows { get; set; } = new() { Window = new(WindowKind.File, 0) };

    public WindowsOptions ServedWindows { get; set; } =
        new() { Window = new(WindowKind.Day, 0), Labels = LabelSource.Joined };

    public MonitorOptions Monitor { get; set; } = new() { History = space.History };

    /// <summary>The file, folder or glob of recent rows.</summary>
    public string Recent { get; set; } = "recent";

    /// <summary>The file of their labels, where these come apart.</summary>
    public string Labels { get; set; } = "labels.csv";

    /// <summary>The features that were served.</summary>
    public string PredictionLog => Path.Combine(space.Data, "predictions");

    public Action<StageRun> Skew { get; set; } = run => SkewStage.Run(run, Sales.Model);

    public Action<StageRun> Ingest { get; set; } = run => IngestStage.Run(run, Sales.Duplicates);

    public Action<StageRun, ValidateOptions> Checks { get; set; } = (run, options) =>
        ValidateStage.Run(run, Sales.Contract, options);

    public Action<StageRun> Infer { get; set; } = run => InferContractStage.Run(run, Sales.Contract);

    public Action<StageRun> Features { get; set; } = run => FeaturesStage.Run(run, Sales.Model);

    public Action<StageRun, KeySplit> Splits { get; set; } = (run, split) =>
        SplitStage.Run<Sale>(run, Sales.Key, split);

    public Action<StageRun, TrainingOptions> Trains { get; set; } = TrainStage.Run;

    public Action<StageRun, EvaluateOptions> Evaluates { get; set; } = (run, options) =>
        EvaluateStage.Run(run, Sales.Model, options);

    public Action<StageRun, WindowsOptions> Counts { get; set; } = (run, options) =>
        WindowsStage.Run(run, Sales.Model, Sales.Contract, Sales.Metrics, options);

    public Action<StageRun, WindowsOptions> CountsServed { get; set; } = (run, options) =>
        ServedWindowsStage.Run(run, Sales.Model, Sales.Contract, Sales.Metrics, options);

    public Action<StageRun> References { get; set; } = run =>
        ReferenceStage.Run(run, Sales.Model, Sales.Metrics);

    public Action<StageRun, MonitorOptions> Judges { get; set; } = (run, options) =>
        MonitorStage.Run(run, Sales.Metrics, options);

    public Pipeline Pipeline => new(
    [
        new StageBuilder(new("Ingest")).ForEach(() =>
            SourceFiles.Find([Path.Combine(space.Data, Data)], ".csv", "--data"))
            .Writes(IngestStage.Outputs).Runs(Ingest).Build(),
        new StageBuilder(new("Validate")).Reads(new("Ingest"), IngestStage.Rows, IngestStage.Report)
            .Writes(ValidateStage.Outputs).Runs(Checks, () => Validate).Build(),
        new StageBuilder(new("Infer")).Reads(new("Ingest"), IngestStage.Rows, IngestStage.Report)
            .Writes(InferContractStage.Outputs).Runs(Infer).Build(),
        new StageBuilder(new("Split")).Reads(new("Validate"), ValidateStage.Rows)
            .Writes(SplitStage.Outputs).Runs(Splits, () => Split).Build(),
        new StageBuilder(new("Features")).Reads(new("Split"), SplitStage.Train, SplitStage.HoldOut)
            .Writes(FeaturesStage.Outputs).Runs(Features).Build(),
        new StageBuilder(new("Train")).Reads(new("Features"), FeaturesStage.Train, FeaturesStage.Schema)
            .Reads(new("Split"), SplitStage.Report)
            .Writes(TrainStage.Outputs).Runs(Trains, () => Train).Build(),
        new StageBuilder(new("Evaluate")).Reads(new("Train"), TrainStage.Model)
            .Reads(new("Features"), FeaturesStage.Judged)
            .Reads(new("Split"), SplitStage.Report, SplitStage.HoldOut)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(EvaluateStage.ChampionAttachments))
            .Observes(EvaluateStage.ServedObservation, () => Served(EvaluateStage.ChampionAttachments))
            .Writes(EvaluateStage.Outputs).Runs(Evaluates, () => Evaluate).Build(),
        new StageBuilder(new("Card")).Reads(new("Train"), TrainStage.Model)
            .Reads(new("Evaluate"), EvaluateStage.Report).Reads(new("Features"), FeaturesStage.Schema)
            .Reads(new("Split"), SplitStage.Report)
            .Writes(CardStage.Outputs).Runs(run => CardStage.Run(run, Sales.About)).Build(),
        new StageBuilder(new("Reference")).Reads(new("Train"), TrainStage.Model)
            .Reads(new("Features"), FeaturesStage.HoldOut).Reads(new("Split"), SplitStage.HoldOut)
            .Reads(new("Validate"), ValidateStage.Report)
            .Writes(ReferenceStage.Outputs).Runs(References).Build(),
        new StageBuilder(new("Register")).Reads(new("Train")).Reads(new("Evaluate")).Reads(new("Card"))
            .Reads(new("Reference"))
            .Reads(new("Features"), FeaturesStage.Registered).Reads(new("Split"), SplitStage.Report)
            .Writes(RegisterStage.Outputs).AlwaysRuns()
            .Runs<RegisterOptions>((run, options) => RegisterStage.Run(run, options, PipelineSpace.Clock),
                () => new() { Registry = space.Place, Model = "sales", Who = "ann" }).Build(),
        new StageBuilder(new("Predictions")).ForEach(() =>
            SourceFiles.Find([PredictionLog], ".parquet", "--prediction-log"))
            .Writes(PredictionsStage.Outputs).Runs(PredictionsStage.Run).Build(),
        new StageBuilder(new("Skew")).Reads(new("Predictions"), PredictionsStage.Rows)
            .Reads(new("Split"), SplitStage.Train, SplitStage.HoldOut)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(SkewStage.ChampionAttachments))
            .Writes(SkewStage.Outputs).Runs(Skew).Build(),
        new StageBuilder(new("Recent")).ForEach(() =>
            SourceFiles.Find([Path.Combine(space.Data, Recent)], ".csv", "--recent"))
            .Writes(IngestStage.Outputs).Runs(Ingest).Build(),
        new StageBuilder(new("Sold")).ForEach(() =>
            SourceFiles.Find([Path.Combine(space.Data, Labels)], ".csv", "--labels"))
            .Writes(IngestStage.Outputs).Runs(Ingest).Build(),
        new StageBuilder(new("Windows")).ForEach(new("Recent"), IngestStage.Rows, IngestStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(WindowsStage.ChampionAttachments))
            .Writes(WindowsStage.Outputs).Runs(Counts, () => Windows).Build(),
        new StageBuilder(new("LabelledWindows")).ForEach(new("Recent"), IngestStage.Rows, IngestStage.Report)
            .Reads(new("Sold"), IngestStage.Rows)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(WindowsStage.ChampionAttachments))
            .Writes(WindowsStage.Outputs)
            .Runs(Counts, () => Windows with { Labels = LabelSource.Joined }).Build(),
        new StageBuilder(new("ServedWindows")).Reads(new("Predictions"), PredictionsStage.Rows)
            .Reads(new("Sold"), IngestStage.Rows, IngestStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(WindowsStage.ChampionAttachments))
            .Writes(ServedWindowsStage.Outputs).Runs(CountsServed, () => ServedWindows).Build(),
        Judge("Monitor", "Windows"),
        Judge("MonitorServed", "ServedWindows"),
        Judge("MonitorLabels", "LabelledWindows"),
    ]);

    private Stage Judge(string name, string windows) => new StageBuilder(new(name))
        .Reads(new(windows), WindowsStage.Report)
        .Observes(EvaluateStage.ChampionObservation, () => Serving(WindowsStage.ChampionAttachments))
        .Writes(MonitorStage.Outputs).AlwaysRuns()
        .Runs(Judges, () => Monitor).Build();

    public Task<StageOutcome.Done> Done(string stage) => space.Done(Pipeline, stage);

    public Task<string> Failure(string stage) => space.Failure(Pipeline, stage);

    public string Deploy(int version, string? reason = null, string environment = "production") =>
        DeployCommand.Run(space.Registry, space.Workspace.Artifacts, new("sales", version, environment, "ann", reason));

    private string Serving(string[] attachments) =>
        Champion.Of(space.Registry, "sales", Evaluate.Environment, attachments).ToString();

    private string Served(string[] attachments) =>
        ServedVersions.Of(space.Registry, "sales", Evaluate.Environment, attachments);
}
