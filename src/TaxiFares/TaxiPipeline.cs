using MLBuild.Engine.Stages;
using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Cards;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Infer;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Register;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Skew;
using MLBuild.Stages.Split;
using MLBuild.Stages.Train;
using MLBuild.Stages.Validate;

namespace TaxiFares;

/// <summary>The code of each stage: a generic stage, given what is particular to taxi trips. Each is a function of its
/// run and its options, so that its recipe holds all it depends on.</summary>
public static class TaxiPipeline
{
    public static void Ingest(StageRun run) => IngestStage.Run(run, TaxiKeys.Duplicates);

    public static void Validate(StageRun run, ValidateOptions options) =>
        ValidateStage.Run(run, TaxiContract.For(AsOf(run, options.AsOf)), options);

    public static void InferContract(StageRun run, ValidateOptions options) =>
        InferContractStage.Run(run, TaxiContract.For(AsOf(run, options.AsOf)));

    public static void Split(StageRun run, KeySplit split) => SplitStage.Run<TaxiTrip>(run, TaxiKeys.Of, split);

    public static void Features(StageRun run) => FeaturesStage.Run(run, TaxiModel.Definition);

    public static void Train(StageRun run, TrainingOptions options) => TrainStage.Run(run, options);

    public static void Evaluate(StageRun run, EvaluateOptions options) =>
        EvaluateStage.Run(run, TaxiModel.Definition, options, TaxiEvaluation.Together);

    public static void Card(StageRun run) => CardStage.Run(run, TaxiEvaluation.About);

    public static void Register(StageRun run, RegisterOptions options) =>
        RegisterStage.Run(run, options, TimeProvider.System);

    public static void Reference(StageRun run) =>
        ReferenceStage.Run(run, TaxiModel.Definition, TaxiMonitoring.Metrics);

    public static void Windows(StageRun run, WindowsOptions options) => WindowsStage.Run(
        run, TaxiModel.Definition, TaxiContract.For(AsOf(run, options.AsOf)), TaxiMonitoring.Metrics, options);

    public static void ServedWindows(StageRun run, WindowsOptions options) => ServedWindowsStage.Run(
        run, TaxiModel.Definition, TaxiContract.For(AsOf(run, options.AsOf)), TaxiMonitoring.Metrics, options);

    public static void Monitor(StageRun run, MonitorOptions options) =>
        MonitorStage.Run(run, TaxiMonitoring.Metrics, options);

    public static void Predictions(StageRun run) => PredictionsStage.Run(run);

    public static void Skew(StageRun run) => SkewStage.Run(run, TaxiModel.Definition);

    private static DateTime AsOf(StageRun run, DateTime? given)
    {
        var files = run.Inputs(IngestStage.Report).Select(input => ReportFile.Read<IngestReport>(input.Path).File)
            .ToArray();
        return given ?? TaxiContract.EndOf(files) ?? throw new BrokenContractException(
            $"When the data was drawn is unknown: no file name is a month like 2019-02.csv (there is '{files[0]}'). " +
            $"Say it with --as-of 2019-03-01.");
    }
}
