using MLBuild.Engine.Stages;
using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Nuke;
using MLBuild.Stages.Features;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Split;
using MLBuild.Stages.Train;
using MLBuild.Stages.Validate;
using Nuke.Common;
using Nuke.Common.IO;
using TaxiFares;

/// <summary>The taxi-fare pipeline: every target with what it reads, its parameters and what it writes.</summary>
[MLPipeline]
class Build : NukeBuild, IInspectArtifacts
{
    public static int Main() => Execute<Build>(build => build.Train);

    [Parameter("Trips to learn from: a CSV file, a folder or a glob")] readonly AbsolutePath Data = RootDirectory / "data";
    [Parameter("Day on which the data was drawn; by default the end of its last month")] readonly DateTime? AsOf;
    [Parameter("LightGbm, FastTree or Linear")] readonly RegressionTrainerKind Trainer = RegressionTrainerKind.LightGbm;
    [Parameter("Number of trees")] readonly int Iterations = 300;
    [Parameter("Most leaves of one tree")] readonly int Leaves = 63;
    [Parameter("Part of each tree's correction that is taken, 0..1")] readonly double LearningRate = 0.1;
    [Parameter("Start of every random choice in training")] readonly int Seed = 1;
    [Parameter("Part of the trips that is held out, 0..1")] readonly double HoldOut = 0.2;
    [Parameter("Another number deals training and held-out trips anew")] readonly int SplitSeed = 1;

    Target Ingest => _ => _
        .Description("Reads each CSV file into typed rows without duplicates")
        .Stage(stage => stage
            .ForEach(() => SourceFiles.Find(Data, ".csv", "--data"))
            .Writes(IngestStage.Outputs)
            .Runs(TaxiPipeline.Ingest));

    Target Validate => _ => _
        .Description("Checks the trips against their contract")
        .Stage(stage => stage
            .Reads(Ingest, IngestStage.Rows, IngestStage.Report)
            .Writes(ValidateStage.Outputs)
            .Runs(TaxiPipeline.Validate, () => new ValidateOptions { AsOf = AsOf }));

    Target Split => _ => _
        .Description("Holds trips out by the hash of their key")
        .Stage(stage => stage
            .Reads(Validate, ValidateStage.Rows)
            .Writes(SplitStage.Outputs)
            .Runs(TaxiPipeline.Split, () => new KeySplit { HoldOutShare = HoldOut, Seed = SplitSeed }));

    Target Features => _ => _
        .Description("Computes what the model sees")
        .Stage(stage => stage
            .Reads(Split, SplitStage.Train, SplitStage.HoldOut)
            .Writes(FeaturesStage.Outputs)
            .Runs(TaxiPipeline.Features));

    Target Train => _ => _
        .Description("Trains the fare model")
        .Stage(stage => stage
            .Reads(Features, FeaturesStage.Train, FeaturesStage.Schema)
            .Writes(TrainStage.Outputs)
            .Runs(TaxiPipeline.Train, () => new RegressionOptions
            {
                Trainer = Trainer,
                Iterations = Iterations,
                Leaves = Leaves,
                LearningRate = LearningRate,
                Seed = Seed,
            }));
}
