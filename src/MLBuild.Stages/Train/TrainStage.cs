using System.Reflection;
using System.Runtime.InteropServices;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Train;

/// <summary>Trains a regression on the training features. Equal inputs give a model of equal bytes.</summary>
public static class TrainStage
{
    public const string Model = "model.zip";
    public const string Report = "training.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Model, Report];

    public static void Run(StageRun run, RegressionOptions options)
    {
        var schema = FeatureSchema.FromJson(File.ReadAllText(run.Input(FeaturesStage.Schema)));
        var table = FeatureTableReader.Open(run.Input(FeaturesStage.Train));
        run.Log(FormattableString.Invariant(
            $"{options.Trainer} on {table.RowCount:N0} rows and {schema.Width} features"));
        var trained =
            RegressionTraining.Train(new FeatureTableSource(table, schema), options, cancellation: run.Cancel);
        File.WriteAllBytes(run.Output(Model), trained.CanonicalModel);
        var library = typeof(Microsoft.ML.MLContext).Assembly;
        ReportFile.Write(run.Output(Report), new TrainReport(
            trained.Summary.Rows, [.. schema.Names], options,
            $"{library.GetName().Name} " +
                library.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0],
            MachineClass()));
    }

    private static string MachineClass() =>
        (OperatingSystem.IsLinux() ? "linux"
            : OperatingSystem.IsWindows() ? "windows"
            : OperatingSystem.IsMacOS() ? "macos"
            : "other") + "-" +
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
}
