using MLBuild.Components;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Learning.Sweeps;
using MLBuild.Nuke;
using MLBuild.Serving;
using MLBuild.Sources.Databases;
using MLBuild.Stages.Cards;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Register;
using MLBuild.Stages.Split;
using MLBuild.Stages.Train;
using MLBuild.Stages.Validate;
using Nuke.Common;
using Nuke.Common.IO;
using SupportTickets;

/// <summary>Which queue a support ticket is for: exports of a help desk, cleaned by a program, and the customers of a
/// database, joined; options looked for by a sweep. What acts on the result is in Build.Operations.cs.</summary>
[MLPipeline]
partial class Build : NukeBuild, IRetrainModel, ISweepModel
{
    // The server is the same program, so that it computes features by the same code.
    public static async Task<int> Main(string[] args) => args is ["serve", .. var rest]
        ? await ModelServer.RunAsync(rest, TicketModel.Definition, TicketServer.Row)
        : Execute<Build>(build => build.Train);

    [Parameter("Exports of the help desk to learn from: files, folders or globs")]
    readonly AbsolutePath[] Tickets = [RootDirectory / "tickets"];
    [Parameter("Number of trees of each class")] readonly int Iterations = 100;
    [Parameter("Points of the sweep and folds on which each is scored")] public int SweepPoints { get; } = 2;

    AbsolutePath[] LearnFrom => Loop.IsRetraining ? [.. Tickets, .. RecentTickets] : Tickets;

    public TrainingOptions GivenTraining => new() { Iterations = Iterations, MinRowsPerLeaf = 10, Bins = 63 };

    public SweepSpace<TrainingOptions> SweepSpace => TicketModel.Space;

    public LearningTask LearnedTask => TicketModel.Task;

    DatabaseOptions Shop => new()
    {
        Place = new DatabasePlace.Sqlite(RootDirectory / "shop.db"),
        Content = new DatabaseContent.Table("customers"),
        Key = ["id"],
    };

    Target Clean => _ => _
        .Description("Leaves out what is no ticket: comments of the export, the monitoring's own messages")
        .Stage(stage => Cleaned(stage.ForEach(() => SourceFiles.Find(Paths(LearnFrom), ".jsonl", "--tickets"))));

    Target Ingest => _ => _
        .Stage(stage => stage
            .ForEach(Clean, TicketStages.Clean)
            .Writes(IngestStage.Outputs)
            .Runs(TicketStages.Ingest));

    Target FetchCustomers => _ => _
        .Stage(stage => stage
            .Observes(DatabaseFetchStage.Observation, run => DatabaseProbe.Of(Shop, run))
            .Writes(DatabaseFetchStage.Outputs)
            .Runs(DatabaseFetchStage.Run, () => new DatabaseFetchOptions(Shop)));

    Target Customers => _ => _
        .Stage(stage => stage
            .Reads(FetchCustomers, DatabaseFetchStage.Rows)
            .Writes(IngestStage.Outputs)
            .Runs(TicketStages.Customers));

    Target Join => _ => _
        .Description("Gives each ticket its customer")
        .Stage(stage => stage
            .ForEach(Ingest, IngestStage.Rows, IngestStage.Report)
            .Reads(Customers, IngestStage.Rows)
            .Writes(JoinStage.Outputs)
            .Runs(TicketStages.Join));

    Target Validate => _ => _
        .Stage(stage => stage
            .Reads(Join, IngestStage.Rows, IngestStage.Report)
            .Writes(ValidateStage.Outputs)
            .Runs(TicketStages.Validate));

    Target Split => _ => _
        .Stage(stage => stage
            .Reads(Validate, ValidateStage.Rows)
            .Writes(SplitStage.Outputs)
            .Runs(TicketStages.Split, () => new KeySplit { HoldOutShare = 0.25 }));

    public Target Features => _ => _
        .Stage(stage => stage
            .Reads(Split, SplitStage.Train, SplitStage.HoldOut)
            .Writes(FeaturesStage.Outputs)
            .Runs(TicketStages.Features));

    Target Train => _ => _
        .After<ISweepModel>(search => search.Sweep, search => search.Halving)
        .Stage(stage => stage
            .Reads(Features, FeaturesStage.Train, FeaturesStage.Schema)
            .Reads(Split, SplitStage.Report)
            .Writes(TrainStage.Outputs)
            .Runs(TicketStages.Train, () => ((ISweepModel)this).ChosenTraining));

    Target Evaluate => _ => _
        .Stage(stage => stage
            .Reads(Train, TrainStage.Model)
            .Reads(Features, FeaturesStage.Judged)
            .Reads(Split, SplitStage.Report, SplitStage.HoldOut)
            .Observes(EvaluateStage.ChampionObservation, () => Loop.Serving(EvaluateStage.ChampionAttachments))
            .Observes(EvaluateStage.ServedObservation, () => Loop.EverServed(EvaluateStage.ChampionAttachments))
            .Writes(EvaluateStage.Outputs)
            .Runs(TicketStages.Evaluate, () => TicketModel.Demands));

    Target Card => _ => _
        .Stage(stage => stage
            .Reads(Train, TrainStage.Model)
            .Reads(Evaluate, EvaluateStage.Report)
            .Reads(Features, FeaturesStage.Schema)
            .Reads(Split, SplitStage.Report)
            .Writes(CardStage.Outputs)
            .Runs(TicketStages.Card));

    Target Reference => _ => _
        .Stage(stage => stage
            .Reads(Train, TrainStage.Model)
            .Reads(Features, FeaturesStage.HoldOut)
            .Reads(Split, SplitStage.HoldOut)
            .Reads(Validate, ValidateStage.Report)
            .Writes(ReferenceStage.Outputs)
            .Runs(TicketStages.Reference));

    Target Register => _ => _
        .Description("Gives the model a version, if its gate passes")
        .Stage(stage => stage
            .Reads(Train)
            .Reads(Evaluate)
            .Reads(Card)
            .Reads(Reference)
            .Reads(Features, FeaturesStage.Registered)
            .Reads(Split, SplitStage.Report)
            .Writes(RegisterStage.Outputs)
            .AlwaysRuns()
            .Runs(TicketStages.Register, () =>
                new RegisterOptions { Registry = Loop.RegistryPlace, Model = ModelName, Who = Loop.Who }));

    static TargetStage Cleaned(TargetStage stage) => stage
        .Writes(TicketStages.Clean)
        .RunsCommand("awk", "-v", "kept={out:tickets.jsonl}", "-f", "{file:clean.awk}", "{source}");

    static IEnumerable<string> Paths(IEnumerable<AbsolutePath> paths) => paths.Select(path => path.ToString());
}
