using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Cards;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Register;
using MLBuild.Stages.Skew;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Train;
using MLBuild.Stages.Validate;

namespace TaxiFares.Tests;

/// <summary>The taxi pipeline as the build declares it, with its default options, in one space.</summary>
internal sealed class TaxiBuild(PipelineSpace space, string data)
{
    public ValidateOptions Validate { get; set; } = new();

    public TrainingOptions Train { get; set; } = new();

    /// <summary>The file or folder of recent trips; by default those of training.</summary>
    public string? Recent { get; set; }

    /// <summary>The features that were served.</summary>
    public string PredictionLog { get; set; } = "predictions";

    public Pipeline Pipeline => new(
    [
        new StageBuilder(new("Ingest")).ForEach(() => SourceFiles.Find([data], ".csv", "--data"))
            .Writes(IngestStage.Outputs).Runs(TaxiPipeline.Ingest).Build(),
        new StageBuilder(new("Validate")).Reads(new("Ingest"), IngestStage.Rows, IngestStage.Report)
            .Writes(ValidateStage.Outputs).Runs<ValidateOptions>(TaxiPipeline.Validate, () => Validate).Build(),
        new StageBuilder(new("Split")).Reads(new("Validate"), ValidateStage.Rows)
            .Writes(SplitStage.Outputs).Runs<KeySplit>(TaxiPipeline.Split, () => new()).Build(),
        new StageBuilder(new("Features")).Reads(new("Split"), SplitStage.Train, SplitStage.HoldOut)
            .Writes(FeaturesStage.Outputs).Runs(TaxiPipeline.Features).Build(),
        new StageBuilder(new("Train")).Reads(new("Features"), FeaturesStage.Train, FeaturesStage.Schema)
            .Reads(new("Split"), SplitStage.Report)
            .Writes(TrainStage.Outputs).Runs<TrainingOptions>(TaxiPipeline.Train, () => Train).Build(),
        new StageBuilder(new("Evaluate")).Reads(new("Train"), TrainStage.Model)
            .Reads(new("Features"), FeaturesStage.Judged)
            .Reads(new("Split"), SplitStage.Report, SplitStage.HoldOut)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(EvaluateStage.ChampionAttachments))
            .Observes(EvaluateStage.ServedObservation, () => Served(EvaluateStage.ChampionAttachments))
            .Writes(EvaluateStage.Outputs)
            .Runs<EvaluateOptions>(TaxiPipeline.Evaluate, () => TaxiEvaluation.Demands).Build(),
        new StageBuilder(new("Card")).Reads(new("Train"), TrainStage.Model)
            .Reads(new("Evaluate"), EvaluateStage.Report).Reads(new("Features"), FeaturesStage.Schema)
            .Reads(new("Split"), SplitStage.Report)
            .Writes(CardStage.Outputs).Runs(TaxiPipeline.Card).Build(),
        new StageBuilder(new("Reference")).Reads(new("Train"), TrainStage.Model)
            .Reads(new("Features"), FeaturesStage.HoldOut).Reads(new("Split"), SplitStage.HoldOut)
            .Reads(new("Validate"), ValidateStage.Report)
            .Writes(ReferenceStage.Outputs).Runs(TaxiPipeline.Reference).Build(),
        new StageBuilder(new("Register")).Reads(new("Train")).Reads(new("Evaluate")).Reads(new("Card"))
            .Reads(new("Reference"))
            .Reads(new("Features"), FeaturesStage.Registered).Reads(new("Split"), SplitStage.Report)
            .Writes(RegisterStage.Outputs).AlwaysRuns()
            .Runs<RegisterOptions>(TaxiPipeline.Register,
                () => new() { Registry = space.Place, Model = TaxiModel.Definition.Name, Who = "ann" }).Build(),
        new StageBuilder(new("Predictions")).ForEach(() =>
            SourceFiles.Find([PredictionLog], ".parquet", "--prediction-log"))
            .Writes(PredictionsStage.Outputs).Runs(TaxiPipeline.Predictions).Build(),
        new StageBuilder(new("Skew")).Reads(new("Predictions"), PredictionsStage.Rows)
            .Reads(new("Split"), SplitStage.Train, SplitStage.HoldOut)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(SkewStage.ChampionAttachments))
            .Writes(SkewStage.Outputs).Runs(TaxiPipeline.Skew).Build(),
        new StageBuilder(new("Recent")).ForEach(() => SourceFiles.Find([Recent ?? data], ".csv", "--recent-trips"))
            .Writes(IngestStage.Outputs).Runs(TaxiPipeline.Ingest).Build(),
        new StageBuilder(new("Windows")).ForEach(new("Recent"), IngestStage.Rows, IngestStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(WindowsStage.ChampionAttachments))
            .Writes(WindowsStage.Outputs).Runs<WindowsOptions>(TaxiPipeline.Windows, () => new()).Build(),
        new StageBuilder(new("Labels")).ForEach(() => SourceFiles.Find([Recent ?? data], ".csv", "--recent-trips"))
            .Writes(IngestStage.Outputs).Runs(TaxiPipeline.Ingest).Build(),
        new StageBuilder(new("ServedWindows")).Reads(new("Predictions"), PredictionsStage.Rows)
            .Reads(new("Labels"), IngestStage.Rows, IngestStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(WindowsStage.ChampionAttachments))
            .Writes(ServedWindowsStage.Outputs).Runs<WindowsOptions>(
                TaxiPipeline.ServedWindows, () => new() { Labels = LabelSource.Joined }).Build(),
        Judge("Monitor", "Windows"),
        Judge("MonitorServed", "ServedWindows"),
    ]);

    private Stage Judge(string name, string windows) => new StageBuilder(new(name))
        .Reads(new(windows), WindowsStage.Report)
        .Observes(EvaluateStage.ChampionObservation, () => Serving(WindowsStage.ChampionAttachments))
        .Writes(MonitorStage.Outputs).AlwaysRuns().Runs<MonitorOptions>(TaxiPipeline.Monitor, () => new()
        {
            Drift = new() { KnownChanges = TaxiMonitoring.KnownChanges },
            History = space.History,
        }).Build();

    public Task<StageOutcome.Done> Done(string stage) => space.Done(Pipeline, stage);

    public Task<string> Failure(string stage) => space.Failure(Pipeline, stage);

    private string Serving(string[] attachments) =>
        Champion.Of(space.Registry, TaxiModel.Definition.Name, "production", attachments).ToString();

    private string Served(string[] attachments) =>
        ServedVersions.Of(space.Registry, TaxiModel.Definition.Name, "production", attachments);
}
