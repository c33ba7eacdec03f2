using MLBuild.Components;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Monitoring;
using MLBuild.Nuke;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Infer;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Rollouts;
using MLBuild.Stages.Skew;
using MLBuild.Stages.Split;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using SupportTickets;

/// <summary>What the components have to know of tickets: how they are watched, and by what program they are
/// served.</summary>
partial class Build
{
    [Parameter("How it comes to serve: direct or canary")] public string Strategy { get; } = DeployStrategy.Direct;
    [Parameter("Recent exports to judge the serving model by")] readonly AbsolutePath[] RecentTickets = [];

    IRetrainModel Loop => this;

    public string ModelName => TicketModel.Name;

    public RolloutOptions UsualRollout => new()
    {
        Canary = new() { Steps = [50, 100], MinRequests = 100 },
        PollInterval = TimeSpan.FromSeconds(0.2),
    };

    public AbsolutePath Server => BuildAssemblyFile;

    // The server is this program.
    public Target Serve => _ => _
        .Description("Serves the deployed version over HTTP until Ctrl+C")
        .Executes(() => ProcessTasks.StartProcess("dotnet",
            $"{Server} serve --store {PipelineSession.StoreOf(RootDirectory)} " +
            $"--registry {Loop.RegistryPlace.AsArgument()} --urls {Loop.Urls}", RootDirectory).AssertZeroExitCode());

    Target InferContract => _ => _
        .Description("Proposes a contract")
        .Stage(stage => stage
            .Reads(Join, IngestStage.Rows, IngestStage.Report)
            .Writes(InferContractStage.Outputs)
            .Runs(TicketStages.InferContract));

    Target CleanRecent => _ => _
        .Unlisted()
        .Stage(stage => Cleaned(stage.ForEach(() => RecentTickets is []
            ? []
            : SourceFiles.Find(Paths(RecentTickets), ".jsonl", "--recent-tickets"))));

    Target IngestRecent => _ => _
        .Unlisted()
        .Stage(stage => stage
            .ForEach(CleanRecent, TicketStages.Clean)
            .Writes(IngestStage.Outputs)
            .Runs(TicketStages.Ingest));

    Target JoinRecent => _ => _
        .Unlisted()
        .Stage(stage => stage
            .ForEach(IngestRecent, IngestStage.Rows, IngestStage.Report)
            .Reads(Customers, IngestStage.Rows)
            .Writes(JoinStage.Outputs)
            .Runs(TicketStages.JoinRecent));

    Target Windows => _ => _
        .Unlisted()
        .Stage(stage => stage
            .ForEach(JoinRecent, IngestStage.Rows, IngestStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Loop.Serving(WindowsStage.ChampionAttachments))
            .Writes(WindowsStage.Outputs)
            .Runs(TicketStages.Windows, () => new WindowsOptions { Window = new(WindowKind.Month, 0) }));

    public Target Monitor => _ => _
        .Description("Judges --recent-tickets by what the serving model learned from")
        .Stage(stage => stage
            .Reads(Windows, WindowsStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Loop.Serving(WindowsStage.ChampionAttachments))
            .Writes(MonitorStage.Outputs)
            .AlwaysRuns()
            .Runs(TicketStages.Monitor, () => new MonitorOptions
            {
                History = Loop.MonitorHistory,
            }));

    Target Predictions => _ => _
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => Loop.PredictionLog is { } log ? SourceFiles.Find([log], ".parquet", "--prediction-log") : [])
            .Writes(PredictionsStage.Outputs)
            .Runs(TicketStages.Predictions));

    Target Skew => _ => _
        .Description("Compares features that were served (--prediction-log) with those of training")
        .Requires(() => Loop.PredictionLog)
        .Stage(stage => stage
            .Reads(Predictions, PredictionsStage.Rows)
            .Reads(Split, SplitStage.Train, SplitStage.HoldOut)
            .Observes(EvaluateStage.ChampionObservation, () => Loop.Serving(SkewStage.ChampionAttachments))
            .Writes(SkewStage.Outputs)
            .Runs(TicketStages.Skew));
}
