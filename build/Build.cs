using MLBuild.Components;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Splits;
using MLBuild.Nuke;
using MLBuild.Nuke.Completion;
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
using MLBuild.Stages.Tables;
using MLBuild.Stages.Train;
using MLBuild.Stages.Validate;
using Nuke.Common;
using Nuke.Common.IO;
using TaxiFares;

/// <summary>The taxi-fare pipeline: every stage with what it reads, its parameters and what it writes. What acts on the
/// result (deploy, serve, retrain, sweep, report) comes with the components that the class names; what they have to
/// know of the example is in Build.Taxi.cs. What acts on this repository (test, benchmarks) is in Build.Operations.cs.
/// </summary>
[MLPipeline]
partial class Build : NukeBuild, IRetrainModel, ISweepModel, IReportModel, ILookBack, ICompleteCommands
{
    public static int Main() => Execute<Build>(build => build.Train);

    [Parameter("Trips to learn from: files (CSV, TSV, JSON lines, Parquet), folders or globs")]
    readonly AbsolutePath[] Data = [RootDirectory / "data"];
    [Parameter("Day on which the data was drawn; by default the end of its last month")] readonly DateTime? AsOf;
    [Parameter("LightGbm, FastTree, FastForest or Linear")]
    readonly TrainerKind Trainer = TrainerKind.LightGbm;
    [Parameter("Number of trees")] readonly int Iterations = 300;
    [Parameter("Most leaves of one tree")] readonly int Leaves = 127;
    [Parameter("Part of each tree's correction that is taken, 0..1")] readonly double LearningRate = 0.1;
    [Parameter("Fewest trips of a leaf")] readonly int MinRowsPerLeaf = 20;
    [Parameter("Most intervals of a feature's values")] readonly int Bins = 1023;
    [Parameter("Iterations without a smaller error on trips set aside after which training stops; none: never")]
    readonly int? EarlyStoppingRounds;
    [Parameter("Part of the training trips that is set aside to stop by, 0..0.5")]
    readonly double ValidationShare = 0.1;
    [Parameter("Threads of a training")] readonly int TrainingThreads = 1;
    [Parameter("Largest RMSE, in dollars, that the gate lets through")] readonly double MaxRmse = 4;
    [Parameter("Recent trips for Monitor, with --prediction-log their labels: files, folders or globs")]
    readonly AbsolutePath[] RecentTrips = [RootDirectory / "data"];
    [Parameter("What Monitor judges together: file, day, week, month, or a number of trips")]
    readonly string WindowsBy = "month";
    [Parameter("How far Monitor looks back: 24h, 7d, 2w; by default all of --recent-trips")] readonly string? Since;
    [Parameter("Start of every random choice in training")] readonly int Seed = 1;
    [Parameter("Part of the trips that is held out, 0..1")] readonly double HoldOutShare = 0.2;
    [Parameter("Another number deals training and held-out trips anew")] readonly int SplitSeed = 1;

    IReadOnlyList<SourceFile> RecentFiles =>
        SourceFiles.Find(RecentTrips.Select(path => path.ToString()), RowFiles.Extensions, "--recent-trips");

    Target Ingest => _ => _
        .Description("Reads each file into typed rows without duplicates")
        .Stage(stage => stage
            .ForEach(() => SourceFiles.Find(LearnFrom.Select(path => path.ToString()), RowFiles.Extensions, "--data"))
            .Writes(IngestStage.Outputs)
            .Runs(TaxiPipeline.Ingest));

    Target Validate => _ => _
        .Description("Checks the trips against their contract")
        .Stage(stage => stage
            .Reads(Ingest, IngestStage.Rows, IngestStage.Report)
            .Writes(ValidateStage.Outputs)
            .Runs(TaxiPipeline.Validate, () => new ValidateOptions { AsOf = AsOf }));

    Target InferContract => _ => _
        .Description("Proposes a contract from the trips, and says how it differs from the one in force")
        .Stage(stage => stage
            .Reads(Ingest, IngestStage.Rows, IngestStage.Report)
            .Writes(InferContractStage.Outputs)
            .Runs(TaxiPipeline.InferContract, () => new ValidateOptions { AsOf = AsOf }));

    Target Split => _ => _
        .Description("Holds trips out by the hash of their key")
        .Stage(stage => stage
            .Reads(Validate, ValidateStage.Rows)
            .Writes(SplitStage.Outputs)
            .Runs(TaxiPipeline.Split, () => new KeySplit { HoldOutShare = HoldOutShare, SplitSeed = SplitSeed }));

    public Target Features => _ => _
        .Description("Computes what the model sees")
        .Stage(stage => stage
            .Reads(Split, SplitStage.Train, SplitStage.HoldOut)
            .Writes(FeaturesStage.Outputs)
            .Runs(TaxiPipeline.Features));

    Target Train => _ => _
        .Description("Trains the fare model")
        .After<ISweepModel>(search => search.Sweep, search => search.Halving)
        .Stage(stage => stage
            .Reads(Features, FeaturesStage.Train, FeaturesStage.Schema)
            .Reads(Split, SplitStage.Report)
            .Writes(TrainStage.Outputs)
            .Runs(TaxiPipeline.Train, () => ((ISweepModel)this).ChosenTraining));

    Target Evaluate => _ => _
        .Description("Judges the model on held-out trips, beside the one that serves")
        .Stage(stage => stage
            .Reads(Train, TrainStage.Model)
            .Reads(Features, FeaturesStage.Judged)
            .Reads(Split, SplitStage.Report, SplitStage.HoldOut)
            .Observes(EvaluateStage.ChampionObservation, () => Loop.Serving(EvaluateStage.ChampionAttachments))
            .Observes(EvaluateStage.ServedObservation, () => Loop.EverServed(EvaluateStage.ChampionAttachments))
            .Writes(EvaluateStage.Outputs)
            .Runs(TaxiPipeline.Evaluate, () =>
                TaxiEvaluation.Demands with { Environment = Loop.ServingEnvironment, MaxRmse = MaxRmse }));

    Target Card => _ => _
        .Description("Writes what a person has to know of the model before using it")
        .Stage(stage => stage
            .Reads(Train, TrainStage.Model)
            .Reads(Evaluate, EvaluateStage.Report)
            .Reads(Features, FeaturesStage.Schema)
            .Reads(Split, SplitStage.Report)
            .Writes(CardStage.Outputs)
            .Runs(TaxiPipeline.Card));

    Target Reference => _ => _
        .Description("Keeps what Monitor compares with: errors on held-out trips, broken rules")
        .Unlisted()
        .Stage(stage => stage
            .Reads(Train, TrainStage.Model)
            .Reads(Features, FeaturesStage.HoldOut)
            .Reads(Split, SplitStage.HoldOut)
            .Reads(Validate, ValidateStage.Report)
            .Writes(ReferenceStage.Outputs)
            .Runs(TaxiPipeline.Reference));

    Target Register => _ => _
        .Description("Gives the model a version, with all that made it")
        .Stage(stage => stage
            .Reads(Train)
            .Reads(Evaluate)
            .Reads(Card)
            .Reads(Reference)
            .Reads(Features, FeaturesStage.Registered)
            .Reads(Split, SplitStage.Report)
            .Writes(RegisterStage.Outputs)
            .AlwaysRuns()
            .Runs(TaxiPipeline.Register, () =>
                new RegisterOptions { Registry = Loop.RegistryPlace, Model = ModelName, Who = Loop.Who }));

    Target Predictions => _ => _
        .Description("Reads what was predicted: the files of --prediction-log")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => Loop.PredictionLog is { } log
                ? SourceFiles.Find([log], ".parquet", "--prediction-log")
                : [])
            .Writes(PredictionsStage.Outputs)
            .Runs(TaxiPipeline.Predictions));

    Target Skew => _ => _
        .Description("Compares features that were served (--prediction-log) with those of training, bit for bit")
        .Requires(() => Loop.PredictionLog)
        .Stage(stage => stage
            .Reads(Predictions, PredictionsStage.Rows)
            .Reads(Split, SplitStage.Train, SplitStage.HoldOut)
            .Observes(EvaluateStage.ChampionObservation, () => Loop.Serving(SkewStage.ChampionAttachments))
            .Writes(SkewStage.Outputs)
            .Runs(TaxiPipeline.Skew));

    Target Recent => _ => _
        .Description("Reads the trips of --recent-trips, as Ingest does")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => Loop.PredictionLog is null ? RecentFiles : [])
            .Writes(IngestStage.Outputs)
            .Runs(TaxiPipeline.Ingest));

    Target Labels => _ => _
        .Description("Reads the trips of --recent-trips as labels of what was predicted")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => Loop.PredictionLog is null ? [] : RecentFiles)
            .Writes(IngestStage.Outputs)
            .Runs(TaxiPipeline.Ingest));

    Target Windows => _ => _
        .Description("Counts recent trips by window, as the serving model sees them")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(Recent, IngestStage.Rows, IngestStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Loop.Serving(WindowsStage.ChampionAttachments))
            .Writes(WindowsStage.Outputs)
            .Runs(TaxiPipeline.Windows, () =>
                new WindowsOptions { Window = WindowRule.Parse(WindowsBy), AsOf = AsOf }));

    Target ServedWindows => _ => _
        .Description("Counts by window what was predicted, with the labels that have arrived")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => Loop.PredictionLog is null ? [] : (string[])["log"])
            .Reads(Predictions, PredictionsStage.Rows)
            .Reads(Labels, IngestStage.Rows, IngestStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Loop.Serving(WindowsStage.ChampionAttachments))
            .Writes(ServedWindowsStage.Outputs)
            .Runs(TaxiPipeline.ServedWindows, (string _) => new WindowsOptions
            {
                Window = WindowRule.Parse(WindowsBy),
                Labels = LabelSource.Joined,
                AsOf = AsOf,
            }));

    // Either is empty: recent trips are judged themselves, or are the labels of what the log has.
    public Target Monitor => _ => _
        .Description("Judges recent trips (--recent-trips, --since 7d), or what was served (--prediction-log), " +
            "against what the serving model learned from")
        .Stage(stage => stage
            .Reads(Windows, WindowsStage.Report)
            .Reads(ServedWindows, WindowsStage.Report)
            .Observes(EvaluateStage.ChampionObservation, () => Loop.Serving(WindowsStage.ChampionAttachments))
            .Writes(MonitorStage.Outputs)
            .AlwaysRuns()
            .Runs(TaxiPipeline.Monitor, () => MonitorOptions));
}
