using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace MLBuild.Learning.Models;

/// <summary>A trained model as bytes, and what it was trained on.</summary>
/// <param name="CanonicalModel">What <see cref="ScoringModel.Load"/> reads. The same rows and options give the same
/// bytes.</param>
public sealed record TrainedModel(byte[] CanonicalModel, TrainingSummary Summary);

/// <summary>What a model was trained on, for its record.</summary>
/// <param name="Rows">From which it learned.</param>
/// <param name="ValidationRows">By which training was stopped; not among the others.</param>
/// <param name="Course">Null for a trainer that does not tell.</param>
public sealed record TrainingSummary(long Rows, long ValidationRows, TrainingCourse? Course);

/// <summary>Learns to predict from features. A pure function: rows, task and options in, bytes out.</summary>
public static class ModelTraining
{
    /// <summary>Trains a regression on every row of <paramref name="data"/>.</summary>
    /// <inheritdoc cref="Train(IFeatureSource, TrainingOptions, LearningTask, IFeatureSource?, Action{IterationLoss}?,
    /// CancellationToken)"/>
    public static TrainedModel Train(
        IFeatureSource data,
        TrainingOptions options,
        IFeatureSource? validation = null,
        Action<IterationLoss>? progress = null,
        CancellationToken cancellation = default) =>
        Train(data, options, LearningTask.Regression, validation, progress, cancellation);

    /// <summary>Trains a model on every row of <paramref name="data"/>.</summary>
    /// <param name="validation">Other rows, to stop by; needed where
    /// <see cref="TrainingOptions.EarlyStoppingRounds"/> is set, and not read otherwise.</param>
    /// <param name="progress">Gets each iteration, of a trainer that tells: LightGbm.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="TrainingDataException">There are no rows, or none of a class, or one has no label of the task
    /// or an infinite feature.</exception>
    /// <exception cref="MissingNativeLibraryException">LightGBM cannot be loaded on this machine.</exception>
    public static TrainedModel Train(
        IFeatureSource data,
        TrainingOptions options,
        LearningTask task,
        IFeatureSource? validation = null,
        Action<IterationLoss>? progress = null,
        CancellationToken cancellation = default)
    {
        options.Validate();
        validation = options.EarlyStoppingRounds is null
            ? null
            : validation ?? throw new ArgumentException("Early stopping needs validation rows, and there are none.");
        DemandRows(data, "to train on");
        if (validation is not null)
            DemandRows(validation, "to stop by");
        return Guarded(cancellation, () =>
        {
            var classRows = ClassRows.Count(data, task, cancellation);
            ClassRows.DemandEach(classRows, task);
            if (options.Trainer != TrainerKind.LightGbm)
                return Fit(data, task, $"{options.Trainer}", options.Seed, cancellation,
                    (ml, rows) => OneVersusAll.IsNeeded(options.Trainer, task)
                        ? new OneVersusAll(ml, data, options, cancellation).Fit(task, classRows)
                        : TrainerChains.For(ml, data.Schema, options, task.Kind).Fit(rows));
            if (validation is not null)
                ClassRows.Count(validation, task, cancellation);
            var (text, course) = LightGbmTraining.Train(data, validation, options, task, progress, cancellation);
            return new(
                LightGbmText.ToCanonicalModel(text, data.Schema, task, options.Seed),
                new(data.RowCount, validation?.RowCount ?? 0, course));
        });
    }

    /// <summary>Trains a regression with a team's own trainer on every row of <paramref name="data"/>.</summary>
    /// <inheritdoc cref="TrainWith(IFeatureSource, ITrainer, LearningTask, CancellationToken)"/>
    public static TrainedModel TrainWith(
        IFeatureSource data, ITrainer trainer, CancellationToken cancellation = default) =>
        TrainWith(data, trainer, LearningTask.Regression, cancellation);

    /// <summary>Trains a model with a team's own trainer on every row of <paramref name="data"/>.</summary>
    /// <exception cref="ArgumentException">A hyper-parameter is out of its range, or the trainer is for other
    /// tasks.</exception>
    /// <exception cref="TrainingDataException">There are no rows, or none of a class, or one has no label of the task
    /// or an infinite feature.</exception>
    /// <exception cref="OwnTrainerException">What the trainer's chain gives is no model of the task, or cannot be
    /// saved.</exception>
    public static TrainedModel TrainWith(
        IFeatureSource data, ITrainer trainer, LearningTask task, CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(trainer.Name))
            throw new ArgumentException($"The trainer {trainer.GetType().Name} has no name.");
        trainer.Validate();
        DemandRows(data, "to train on");
        return Guarded(cancellation, () =>
        {
            ClassRows.DemandEach(ClassRows.Count(data, task, cancellation), task);
            return OwnTrainer.Checked(
                trainer.Name, task, data,
                () => Fit(data, task, trainer.Name, trainer.Seed, cancellation,
                    (ml, rows) => trainer.Chain(ml, data.Schema, task).Fit(rows)));
        });
    }

    private static void DemandRows(IFeatureSource data, string what)
    {
        if (data.RowCount == 0)
            throw new TrainingDataException($"There are no feature rows {what}.");
    }

    private static TrainedModel Fit(
        IFeatureSource data, LearningTask task, string trainer, int seed, CancellationToken cancellation,
        Func<MLContext, IDataView, ITransformer> fit)
    {
        // A context of its own, used for nothing else: what is sampled from more than 65,536 rows depends on the
        // context's seed and on how many components were made in it before.
        var ml = new MLContext(seed);
        using var stop = cancellation.Register(() => CancelExecution(ml));
        var columns = new FeatureColumns(data.Schema, task);
        var model = fit(ml, new FeatureDataView(data, columns, cancellation));
        return new(
            CanonicalModel.Of(ml, model, columns, trainer),
            new(data.RowCount, ValidationRows: 0, Course: null));
    }

    private static TrainedModel Guarded(CancellationToken cancellation, Func<TrainedModel> train)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return train();
        }
        catch (Exception error) when (error is not TrainingDataException && Faulty(error) is { } faulty)
        {
            throw faulty;
        }
        catch (Exception error) when (MissingNativeLibraryException.From(error) is { } missing)
        {
            throw missing;
        }
        catch (Exception error) when (cancellation.IsCancellationRequested && error is not OperationCanceledException)
        {
            throw new OperationCanceledException("Training was cancelled.", error, cancellation);
        }
    }

    // Some of ML.NET's trainers read on other threads, which wrap what a row is refused with.
    private static TrainingDataException? Faulty(Exception? error) => error switch
    {
        null => null,
        TrainingDataException faulty => faulty,
        _ => Faulty(error.InnerException),
    };

    // ML.NET can stop a trainer between two trees, but has no public way to ask for it.
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern void CancelExecution(MLContext context);
}
