using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Models;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;

namespace MLBuild.Stages.Train;

/// <summary>Trains a regression on the training features. Equal inputs give a model of equal bytes.</summary>
public static class TrainStage
{
    public const string Model = "model.zip";
    public const string Report = "training.json";

    /// <summary>What a program that trains outside writes: a model in LightGBM's text.</summary>
    public const string LightGbmModel = "lightgbm.txt";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Model, Report];

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="TrainingDataException">A row cannot be learned from, or there are too few.</exception>
    public static void Run(StageRun run, TrainingOptions options)
    {
        options.Validate();
        var table = TrainingTable.Open(run);
        run.Log(string.Create(CultureInfo.InvariantCulture,
            $"{options.Trainer} on {table.All.RowCount:N0} rows and {table.Schema.Width} features"));
        var (rows, validation) = options.EarlyStoppingRounds is null
            ? (table.All, null)
            : table.Divide(options.ValidationSplit());
        var trained = ModelTraining.Train(rows, options, validation,
            loss => run.Progress(loss.Iteration, options.Iterations, Text(loss, options.Iterations)), run.Cancel);
        if (trained.Summary.Course is { } course)
            run.Log(Text(course));
        Write(run, table, trained, options);
    }

    /// <summary>Trains with a team's own trainer.</summary>
    /// <param name="trainer">A record: its members are in the model's record, as they are in the recipe of a stage that
    /// has it as its options.</param>
    /// <exception cref="ArgumentException">A hyper-parameter is out of its range.</exception>
    /// <exception cref="TrainingDataException">A row cannot be learned from, or there are none.</exception>
    /// <exception cref="OwnTrainerException">The trainer gave no model that scores.</exception>
    public static void RunWith(StageRun run, ITrainer trainer)
    {
        var table = TrainingTable.Open(run);
        run.Log(string.Create(CultureInfo.InvariantCulture,
            $"{trainer.Name} on {table.All.RowCount:N0} rows and {table.Schema.Width} features"));
        var options = ParameterEntries.Of(trainer)
            .ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        Write(run, table, ModelTraining.TrainWith(table.All, trainer, run.Cancel), options: null, options);
    }

    /// <summary>Takes the model that a program trained on the same table, in a stage whose work is a command and which
    /// writes <see cref="LightGbmModel"/>.</summary>
    /// <exception cref="ForeignModelException">It would not score here as it does there.</exception>
    public static void RunOnText(StageRun run)
    {
        var table = TrainingTable.Open(run);
        var text = File.ReadAllBytes(run.Input(LightGbmModel));
        var model = LightGbmText.ToCanonicalModel(text, table.Schema);
        run.Log(string.Create(CultureInfo.InvariantCulture,
            $"a model of LightGBM, trained outside, of {table.Schema.Width} features"));
        Write(run, table, new(model, new(table.All.RowCount, ValidationRows: 0, Course: null)), options: null,
            LightGbmText.Parameters(text));
    }

    private static void Write(
        StageRun run, TrainingTable table, TrainedModel trained, TrainingOptions? options,
        IReadOnlyDictionary<string, string>? ownOptions = null)
    {
        File.WriteAllBytes(run.Output(Model), trained.CanonicalModel);
        var summary = trained.Summary;
        var library = typeof(MLContext).Assembly;
        ReportFile.Write(run.Output(Report), new TrainReport(
            summary.Rows, [.. table.Schema.Names], options, $"{library.GetName().Name} {VersionOf(library)}",
            MachineClass())
        {
            OwnOptions = ownOptions,
            Table = table.Hash,
            Labels = table.Labels(),
            Split = ReportFile.Read<SplitReport>(run.Input(SplitStage.Report)),
            ValidationRows = summary.ValidationRows,
            ValidationSplit = summary.ValidationRows > 0 ? options?.ValidationSplit() : null,
            Course = summary.Course,
            Packages = new Assembly[]
            {
                library, typeof(FastTreeRegressionTrainer).Assembly, typeof(LightGbmRegressionTrainer).Assembly,
            }.ToDictionary(assembly => assembly.GetName().Name!, VersionOf, StringComparer.Ordinal),
            Runtime = RuntimeInformation.FrameworkDescription,
        });
    }

    private static string Text(IterationLoss loss, int of) => string.Create(CultureInfo.InvariantCulture,
        $"iteration {loss.Iteration} of {of}, RMSE {loss.Train:G4}{Validation(loss)}");

    private static string Text(TrainingCourse course) =>
        course.Losses.FirstOrDefault(loss => loss.Iteration == course.Iterations) is { } kept
            ? string.Create(CultureInfo.InvariantCulture,
                $"kept {course.Iterations} iterations of {course.Losses[^1].Iteration}, " +
                $"RMSE {kept.Train:G4}{Validation(kept)}")
            : "the features tell nothing of the label: the model is its mean";

    private static string Validation(IterationLoss loss) => loss.Validation is { } validation
        ? string.Create(CultureInfo.InvariantCulture, $", {validation:G4} on the rows to stop by")
        : "";

    private static string VersionOf(Assembly library) =>
        library.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "unknown";

    private static string MachineClass() =>
        (OperatingSystem.IsLinux() ? "linux"
            : OperatingSystem.IsWindows() ? "windows"
            : OperatingSystem.IsMacOS() ? "macos"
            : "other") + "-" +
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
}
