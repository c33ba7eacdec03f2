using MLBuild.Engine.Inspection;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Monitoring;
using MLBuild.Nuke;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Infer;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Lineage;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Register;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Retrain;
using MLBuild.Stages.Rollouts;
using MLBuild.Stages.Skew;
using MLBuild.Stages.Split;
using MLBuild.Stages.Train;
using MLBuild.Stages.Views;
using MLBuild.Store;
using Nuke.Common;
using Nuke.Common.IO;
using Serilog;
using SupportTickets;

/// <summary>What is done with a registered model: it is deployed, watched and trained anew.</summary>
partial class Build
{
    const string ServingEnvironment = "production";

    [Parameter("Version to deploy")] readonly int? ModelVersion;
    [Parameter("How it comes to serve: direct or canary")] readonly string Strategy = DeployStrategy.Direct;
    [Parameter("Recent exports to judge the serving model by")] readonly AbsolutePath[] RecentTickets = [];
    [Parameter("Folder that the server logged to")] readonly AbsolutePath? PredictionLog;

    static RolloutOptions Rollout => new()
    {
        Canary = new() { Steps = [50, 100], MinRequests = 100 },
        PollInterval = TimeSpan.FromSeconds(0.2),
    };

    public IReadOnlyList<IArtifactView> Views => StageViews.All;

    public IReadOnlySet<ContentHash> NeededArtifacts => Registry.ReferencedArtifacts();

    static string ModelName => TicketModel.Name;

    static string Store => PipelineSession.StoreOf(RootDirectory);

    static RegistryPlace RegistryPlace => new RegistryPlace.File(Path.Combine(Store, "registry.db"));

    static IModelRegistry Registry => RegistryPlace.Open(TimeProvider.System);

    LocalArtifactStore Stored => PipelineSession.Of(this).Workspace.Artifacts;

    string Serving(params string[] attachments) =>
        Champion.Of(Registry, ModelName, ServingEnvironment, attachments).ToString();

    string EverServed(params string[] attachments) =>
        ServedVersions.Of(Registry, ModelName, ServingEnvironment, attachments);

    Target Deploy => _ => _
        .Requires(() => ModelVersion)
        .Executes(async () => Log.Information("{Done:l}", DeployStrategy.Parse(Strategy) is { } strategy
            ? await new RolloutCommand(Registry, Stored, TimeProvider.System, line => Log.Information("{Line:l}", line))
                .RunAsync(Deployment(ModelVersion!.Value), Rollout with { Strategy = strategy }, default)
            : Deployed(ModelVersion!.Value)));

    Target Versions => _ => _
        .Executes(() => Print(VersionsCommand.Run(
            Registry, ModelName, ModelVersion, withArchived: true, file: null, ConsolePage.OfThisConsole())));

    Target Diff => _ => _
        .Description("Says what differs between what serves and another version (--model-version)")
        .Requires(() => ModelVersion)
        .Executes(() => Print(DiffCommand.Run(
            Registry, Stored, ModelName, ServingEnvironment, $"{ModelVersion}", file: null,
            ConsolePage.OfThisConsole())));

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
            .Observes(EvaluateStage.ChampionObservation, () => Serving(WindowsStage.ChampionAttachments))
            .Writes(WindowsStage.Outputs)
            .Runs(TicketStages.Windows, () => new WindowsOptions { Window = new(WindowKind.Month, 0) }));

    Target Monitor => _ => _
        .Description("Judges --recent-tickets by what the serving model learned from")
        .Stage(stage => stage
            .Reads(Windows, WindowsStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(WindowsStage.ChampionAttachments))
            .Writes(MonitorStage.Outputs)
            .AlwaysRuns()
            .Runs(TicketStages.Monitor, () => new MonitorOptions
            {
                History = Path.Combine(Store, "monitor", ModelName, ServingEnvironment),
            }));

    Target Retrain => _ => _
        .Description("Monitors, and on drift or degradation learns from recent tickets too")
        .DependsOn(Monitor)
        .Executes(async () => Log.Information("{Done:l}", await new RetrainCommand(
            Registry, TimeProvider.System, line => Log.Information("{Line:l}", line)).RunAsync(
                new(ModelName, ServingEnvironment, "tests", new()),
                ReportFile.Read<MonitorReport>(Stored.Verified(Output(nameof(Monitor), MonitorStage.Report))),
                new(
                    Validate: () => PipelineSession.Of(this).Run(nameof(Validate)),
                    Train: () => Output(nameof(Train), TrainStage.Model),
                    Register: () => PipelineSession.Of(this).Run(nameof(Register)),
                    Deploy: version => Task.FromResult(Deployed(version))))));

    Target Predictions => _ => _
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => PredictionLog is { } log ? SourceFiles.Find([log], ".parquet", "--prediction-log") : [])
            .Writes(PredictionsStage.Outputs)
            .Runs(TicketStages.Predictions));

    Target Skew => _ => _
        .Description("Compares features that were served (--prediction-log) with those of training")
        .Requires(() => PredictionLog)
        .Stage(stage => stage
            .Reads(Predictions, PredictionsStage.Rows)
            .Reads(Split, SplitStage.Train, SplitStage.HoldOut)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(SkewStage.ChampionAttachments))
            .Writes(SkewStage.Outputs)
            .Runs(TicketStages.Skew));

    string Deployed(int version) => DeployCommand.Run(Registry, Stored, Deployment(version));

    static DeployOptions Deployment(int version) =>
        new(ModelName, version, ServingEnvironment, "tests", Reason: null);

    static void Print(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Console.Out.WriteLine(line);
    }

    ContentHash Output(string stage, string name) => PipelineSession.Of(this).Run(stage).Units.Single()
        .Record.Outputs.Single(output => output.Name == name).Artifact.Hash;
}
