using MLBuild.Engine.Stages;
using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Sources.Databases;
using MLBuild.Stages.Cards;
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

namespace SupportTickets;

/// <summary>The code of each stage: a generic stage, given what is particular to tickets.</summary>
public static class TicketStages
{
    /// <summary>What is left of an export: JSON lines.</summary>
    public const string Clean = "tickets.jsonl";

    public static void Ingest(StageRun run) => IngestStage.Run(run, TicketContract.Tickets, Clean);

    public static void Customers(StageRun run) =>
        IngestStage.Run(run, TicketContract.Customers, DatabaseFetchStage.Rows);

    public static void Join(StageRun run) => JoinStage.Run(run, "Ingest");

    public static void JoinRecent(StageRun run) => JoinStage.Run(run, "IngestRecent");

    public static void Validate(StageRun run) => ValidateStage.Run(run, TicketContract.Rules, new());

    public static void InferContract(StageRun run) => InferContractStage.Run(run, TicketContract.Rules);

    public static void Split(StageRun run, KeySplit split) =>
        SplitStage.Run<CustomerTicket>(run, TicketModel.KeyOf, split);

    public static void Features(StageRun run) => FeaturesStage.Run(run, TicketModel.Definition);

    public static void Train(StageRun run, TrainingOptions options) =>
        TrainStage.Run(run, options, TicketModel.Task);

    public static void Evaluate(StageRun run, EvaluateOptions options) =>
        EvaluateStage.Run(run, TicketModel.Definition, options, TicketModel.Together);

    public static void Card(StageRun run) => CardStage.Run(run, TicketModel.About);

    public static void Reference(StageRun run) =>
        ReferenceStage.Run(run, TicketModel.Definition, TicketModel.Worth);

    public static void Register(StageRun run, RegisterOptions options) =>
        RegisterStage.Run(run, options, TimeProvider.System);

    public static void Windows(StageRun run, WindowsOptions options) =>
        WindowsStage.Run(run, TicketModel.Definition, TicketContract.Rules, TicketModel.Worth, options);

    public static void Monitor(StageRun run, MonitorOptions options) =>
        MonitorStage.Run(run, TicketModel.Worth, options);

    public static void Predictions(StageRun run) => PredictionsStage.Run(run);

    public static void Skew(StageRun run) => SkewStage.Run(run, TicketModel.Definition);
}
