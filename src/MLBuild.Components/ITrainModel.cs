using MLBuild.Engine.Stages;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Duplicates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Splits;
using MLBuild.Nuke;
using MLBuild.Stages.Cards;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Infer;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Register;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Train;
using MLBuild.Stages.Validate;
using Nuke.Common;
using Nuke.Common.IO;

namespace MLBuild.Components;

/// <summary>The stages from files of rows to a registered model. A build gets them by naming this component and
/// saying what it learns; each of them can be declared anew in the build class.</summary>
/// <remarks>A stage's code calls the members below, so its recipe has what the build says there: of the features,
/// what Features calls of them, and nothing of the contract.</remarks>
/// <typeparam name="TRow">A class with a property for each column.</typeparam>
public interface ITrainModel<TRow> : IHaveTraining
    where TRow : class, new()
{
    [Parameter("Rows to learn from: files (CSV, TSV, JSON lines, Parquet), folders or globs; by default data/")]
    AbsolutePath[] Data => TryGetValue(() => Data) ?? [RootDirectory / "data"];

    [Parameter("LightGbm, FastTree, FastForest or Linear")]
    TrainerKind? Trainer => TryGetValue<TrainerKind?>(() => Trainer);

    [Parameter("Number of trees")]
    int? Iterations => TryGetValue<int?>(() => Iterations);

    [Parameter("Part of each tree's correction that is taken, 0..1")]
    double? LearningRate => TryGetValue<double?>(() => LearningRate);

    [Parameter("Start of every random choice in training")]
    int? Seed => TryGetValue<int?>(() => Seed);

    /// <summary>The rows that this run learns from.</summary>
    AbsolutePath[] LearnFrom => Data;

    /// <summary>What is learned, from what: the same object that the server computes features with.</summary>
    ModelDefinition<TRow> Model { get; }

    /// <summary>Names a row wherever it appears: what <see cref="Model"/> has as its key. Of its own, so that a change
    /// of a feature does not deal the rows anew.</summary>
    RowKey KeyOf(TRow row);

    /// <summary>What rows must satisfy to be learned from.</summary>
    Contract<TRow> Contract { get; }

    /// <summary>When two rows are about one thing. By default, when they are equal in every column.</summary>
    DuplicateRules<TRow> Duplicates => DuplicateRules.Exact<TRow>();

    /// <summary>Which rows are held out. By default a fifth, by the hash of the key.</summary>
    KeySplit HeldOut => new();

    /// <summary>What is learned with where the command line says nothing else.</summary>
    TrainingOptions UsualTraining => new();

    /// <summary>What the model must reach to be deployed.</summary>
    EvaluateOptions Demands => new();

    /// <summary>Features that come from one column and are permuted together.</summary>
    IReadOnlyList<FeatureGroup> FeaturesTogether => [];

    /// <summary>What no number says of the model, for its card.</summary>
    ModelAbout About { get; }

    /// <summary>What its predictions are worth, for Monitor.</summary>
    IReadOnlyList<BusinessMetric<TRow>> Worth => [];

    string IHaveRegistry.ModelName => Model.Name;

    LearningTask IHaveTraining.LearnedTask => Model.Task;

    TrainingOptions IHaveTraining.GivenTraining => UsualTraining with
    {
        Trainer = Trainer ?? UsualTraining.Trainer,
        Iterations = Iterations ?? UsualTraining.Iterations,
        LearningRate = LearningRate ?? UsualTraining.LearningRate,
        Seed = Seed ?? UsualTraining.Seed,
    };

    /// <summary>What Train learns with: what <see cref="ISweepModel"/> chose, if --options-from says so.</summary>
    TrainingOptions Training => this is ISweepModel search ? search.ChosenTraining : GivenTraining;

    Target Ingest => _ => _
        .Description("Reads each file into typed rows without duplicates")
        .Stage(stage => stage
            .ForEach(() => SourceFiles.Find(LearnFrom.Select(path => path.ToString()), RowFiles.Extensions, "--data"))
            .Writes(IngestStage.Outputs)
            .Runs(run => IngestStage.Run(run, Duplicates)));

    Target Validate => _ => _
        .Description("Checks the rows against their contract")
        .Stage(stage => stage
            .Reads(Ingest, IngestStage.Rows, IngestStage.Report)
            .Writes(ValidateStage.Outputs)
            .Runs((run, options) => ValidateStage.Run(run, Contract, options), () => new ValidateOptions()));

    Target InferContract => _ => _
        .Description("Proposes a contract from the rows, and says how it differs from the one in force")
        .Stage(stage => stage
            .Reads(Ingest, IngestStage.Rows, IngestStage.Report)
            .Writes(InferContractStage.Outputs)
            .Runs(run => InferContractStage.Run(run, Contract)));

    Target Split => _ => _
        .Description("Holds rows out by the hash of their key")
        .Stage(stage => stage
            .Reads(Validate, ValidateStage.Rows)
            .Writes(SplitStage.Outputs)
            .Runs((run, split) => SplitStage.Run<TRow>(run, KeyOf, split), () => HeldOut));

    new Target Features => _ => _
        .Description("Computes what the model sees")
        .Stage(stage => stage
            .Reads(Split, SplitStage.Train, SplitStage.HoldOut)
            .Writes(FeaturesStage.Outputs)
            .Runs(run => FeaturesStage.Run(run, Model)));

    Target IHaveTraining.Features => Features;

    Target Train => _ => _
        .Description("Trains the model")
        .TryAfter<ISweepModel>(search => search.Sweep, search => search.Halving)
        .Stage(stage => stage
            .Reads(Features, FeaturesStage.Train, FeaturesStage.Schema)
            .Reads(Split, SplitStage.Report)
            .Writes(TrainStage.Outputs)
            .Runs((run, options) => TrainStage.Run(run, options.Training, options.Task),
                () => new LearningOptions(Training, Model.Task)));

    Target Evaluate => _ => _
        .Description("Judges the model on held-out rows, beside the one that serves")
        .Stage(stage => stage
            .Reads(Train, TrainStage.Model)
            .Reads(Features, FeaturesStage.Judged)
            .Reads(Split, SplitStage.Report, SplitStage.HoldOut)
            .Observes(EvaluateStage.ChampionObservation, () => Serving(EvaluateStage.ChampionAttachments))
            .Observes(EvaluateStage.ServedObservation, () => EverServed(EvaluateStage.ChampionAttachments))
            .Writes(EvaluateStage.Outputs)
            .Runs((run, options) => EvaluateStage.Run(run, Model, options, FeaturesTogether),
                () => Demands with { Environment = ServingEnvironment }));

    Target Card => _ => _
        .Description("Writes what a person has to know of the model before using it")
        .Stage(stage => stage
            .Reads(Train, TrainStage.Model)
            .Reads(Evaluate, EvaluateStage.Report)
            .Reads(Features, FeaturesStage.Schema)
            .Reads(Split, SplitStage.Report)
            .Writes(CardStage.Outputs)
            .Runs(run => CardStage.Run(run, About)));

    Target Reference => _ => _
        .Description("Keeps what Monitor compares with: errors on held-out rows, broken rules")
        .Unlisted()
        .Stage(stage => stage
            .Reads(Train, TrainStage.Model)
            .Reads(Features, FeaturesStage.HoldOut)
            .Reads(Split, SplitStage.HoldOut)
            .Reads(Validate, ValidateStage.Report)
            .Writes(ReferenceStage.Outputs)
            .Runs(run => ReferenceStage.Run(run, Model, Worth)));

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
            .Runs((run, options) => RegisterStage.Run(run, options, TimeProvider.System),
                () => new RegisterOptions { Registry = RegistryPlace, Model = ModelName, Who = Who }));
}

/// <summary>What Train is told: how to learn, and what kind of thing.</summary>
public sealed record LearningOptions(TrainingOptions Training, LearningTask Task);
