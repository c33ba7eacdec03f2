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

/// <summary>Trains a model on the training features. Equal inputs give a model of equal bytes.</summary>
public static class TrainStage
{
    public const string Model = "model.zip";
    public const string Report = "training.json";

    /// <summary>What a program that trains outside writes: a model in LightGBM's text.</summary>
    public const string LightGbmModel = "lightgbm.txt";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Model, Report];

    /// <summary>Trains a regression.</summary>
    /// <inheritdoc cref="Run(StageRun, TrainingOptions, LearningTask)"/>
    public static void Run(StageRun run, TrainingOptions options) => Run(run, options, LearningTask.Regression);

    /// <param name="task">That of the model's definition.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="TrainingDataException">A row cannot be learned from, or there are too few.</exception>
    public static void Run(StageRun run, TrainingOptions options, LearningTask task)
    {
        options.Validate();
        var table = TrainingTable.Open(run);
        run.Log(Text($"{options.Trainer}", table, task));
        var (rows, validation) = options.EarlyStoppingRounds is null
            ? (table.All, null)
            : table.Divide(options.ValidationSplit(), run.Cancel);
        var measured = TrainingCourse.LossOf(task);
        var trained = ModelTraining.Train(rows, options, task, validation,
            loss => run.Progress(loss.Iteration, options.Iterations, Text(loss, options.Iterations, measured)),
            run.Cancel);
        if (trained.Summary.Course is { } course)
            run.Log(Text(course));
        Write(run, table, task, trained, options);
    }

    /// <summary>Trains a regression with a team's own trainer.</summary>
    /// <inheritdoc cref="RunWith(StageRun, ITrainer, LearningTask)"/>
    public static void RunWith(StageRun run, ITrainer trainer) => RunWith(run, trainer, LearningTask.Regression);

    /// <summary>Trains with a team's own trainer.</summary>
    /// <param name="trainer">A record: its members are in the model's record, as they are in the recipe of a stage that
    /// has it as its options.</param>
    /// <param name="task">That of the model's definition.</param>
    /// <exception cref="ArgumentException">A hyper-parameter is out of its range.</exception>
    /// <exception cref="TrainingDataException">A row cannot be learned from, or there are none.</exception>
    /// <exception cref="OwnTrainerException">The trainer gave no model that scores.</exception>
    public static void RunWith(StageRun run, ITrainer trainer, LearningTask task)
    {
        var table = TrainingTable.Open(run);
        run.Log(Text(trainer.Name, table, task));
        var options = ParameterEntries.Of(trainer)
            .ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        Write(run, table, task, ModelTraining.TrainWith(table.All, trainer, task, run.Cancel), options: null, options);
    }

    /// <summary>Takes the regression that a program trained.</summary>
    /// <inheritdoc cref="RunOnText(StageRun, LearningTask)"/>
    public static void RunOnText(StageRun run) => RunOnText(run, LearningTask.Regression);

    /// <summary>Takes the model that a program trained on the same table, in a stage whose work is a command and which
    /// writes <see cref="LightGbmModel"/>.</summary>
    /// <param name="task">That of the model's definition.</param>
    /// <exception cref="ForeignModelException">It would not score here as it does there.</exception>
    public static void RunOnText(StageRun run, LearningTask task)
    {
        var table = TrainingTable.Open(run);
        var text = File.ReadAllBytes(run.Input(LightGbmModel));
        var model = LightGbmText.ToCanonicalModel(text, table.Schema, task);
        run.Log(string.Create(CultureInfo.InvariantCulture,
            $"a model of LightGBM, trained outside, of {table.Schema.Width} features"));
        Write(run, table, task, new(model, new(table.All.RowCount, ValidationRows: 0, Course: null)), options: null,
            LightGbmText.Parameters(text));
    }

    private static void Write(
        StageRun run, TrainingTable table, LearningTask task, TrainedModel trained, TrainingOptions? options,
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
            Task = task.Kind,
            Labels = task.Kind == LearningTaskKind.Regression ? table.Labels() : null,
            ClassRows = task.Kind == LearningTaskKind.Regression ? null : table.RowsOfClasses(task, run.Cancel),
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

    private static string Text(string trainer, TrainingTable table, LearningTask task)
    {
        var classes = task.Kind == LearningTaskKind.Regression ? "" : $": {task}";
        return string.Create(CultureInfo.InvariantCulture,
            $"{trainer} on {table.All.RowCount:N0} rows and {table.Schema.Width} features{classes}");
    }

    private static string Text(IterationLoss loss, int of, TrainingLoss measured) => string.Create(
        CultureInfo.InvariantCulture,
        $"iteration {loss.Iteration} of {of}, {Text(measured)} {loss.Train:G4}{Validation(loss)}");

    private static string Text(TrainingCourse course) =>
        course.Losses.FirstOrDefault(loss => loss.Iteration == course.Iterations) is { } kept
            ? string.Create(CultureInfo.InvariantCulture,
                $"kept {course.Iterations} iterations of {course.Losses[^1].Iteration}, " +
                $"{Text(course.Loss)} {kept.Train:G4}{Validation(kept)}")
            : "the features tell nothing of the label: the model is " +
                (course.Loss == TrainingLoss.Rmse ? "its mean" : "the share of each class");

    private static string Text(TrainingLoss measured) => measured == TrainingLoss.Rmse ? "RMSE" : "log loss";

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
