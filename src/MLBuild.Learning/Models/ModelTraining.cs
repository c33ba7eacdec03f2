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

/// <summary>Learns a number from features. A pure function: rows and options in, bytes out.</summary>
public static class ModelTraining
{
    /// <summary>Trains a model on every row of <paramref name="data"/>.</summary>
    /// <param name="validation">Other rows, to stop by; needed where
    /// <see cref="TrainingOptions.EarlyStoppingRounds"/> is set, and not read otherwise.</param>
    /// <param name="progress">Gets each iteration, of a trainer that tells: LightGbm.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="TrainingDataException">There are no rows, or one has no finite label or an infinite
    /// feature.</exception>
    /// <exception cref="MissingNativeLibraryException">LightGBM cannot be loaded on this machine.</exception>
    public static TrainedModel Train(
        IFeatureSource data,
        TrainingOptions options,
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
            if (options.Trainer != TrainerKind.LightGbm)
                return Fit(data, $"{options.Trainer}", options.Seed, cancellation,
                    ml => TrainerChains.For(ml, data.Schema, options));
            var (text, course) = LightGbmTraining.Train(data, validation, options, progress, cancellation);
            return new(
                LightGbmText.ToCanonicalModel(text, data.Schema, options.Seed),
                new(data.RowCount, validation?.RowCount ?? 0, course));
        });
    }

    /// <summary>Trains a model with a team's own trainer on every row of <paramref name="data"/>.</summary>
    /// <exception cref="ArgumentException">A hyper-parameter is out of its range.</exception>
    /// <exception cref="TrainingDataException">There are no rows, or one has no finite label or an infinite
    /// feature.</exception>
    /// <exception cref="OwnTrainerException">What the trainer's chain gives is no regression, or cannot be
    /// saved.</exception>
    public static TrainedModel TrainWith(
        IFeatureSource data, ITrainer trainer, CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(trainer.Name))
            throw new ArgumentException($"The trainer {trainer.GetType().Name} has no name.");
        trainer.Validate();
        DemandRows(data, "to train on");
        return Guarded(cancellation, () => OwnTrainer.Checked(
            trainer.Name,
            () => Fit(data, trainer.Name, trainer.Seed, cancellation, ml => trainer.Chain(ml, data.Schema))));
    }

    private static void DemandRows(IFeatureSource data, string what)
    {
        if (data.RowCount == 0)
            throw new TrainingDataException($"There are no feature rows {what}.");
    }

    private static TrainedModel Fit(
        IFeatureSource data, string trainer, int seed, CancellationToken cancellation,
        Func<MLContext, IEstimator<ITransformer>> chain)
    {
        // A context of its own, used for nothing else: what is sampled from more than 65,536 rows depends on the
        // context's seed and on how many components were made in it before.
        var ml = new MLContext(seed);
        using var stop = cancellation.Register(() => CancelExecution(ml));
        var columns = new FeatureColumns(data.Schema);
        var model = chain(ml).Fit(new FeatureDataView(data, columns, cancellation));
        return new(
            CanonicalModel.Of(ml, model, columns, trainer, LearningTask.Regression),
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
