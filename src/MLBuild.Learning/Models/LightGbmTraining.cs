using System.Globalization;

namespace MLBuild.Learning.Models;

/// <summary>Grows LightGBM's trees one by one, so that each iteration's loss is known, progress can be told and the
/// best iteration kept.</summary>
/// <remarks>ML.NET's own trainer keeps losses and progress to itself, and cuts intervals from rows that depend on what
/// else its context was used for. ML.NET scores with what is made of the text that this gives.</remarks>
internal static class LightGbmTraining
{
    private const int MostLosses = 50;

    // LightGBM has one thread count for the whole process. Trainings with one thread each agree on it and run side by
    // side; one with another count runs alone.
    private static readonly ReaderWriterLockSlim ThreadCount = new();

    /// <param name="validation">Rows to stop by; null to grow all trees.</param>
    /// <param name="progress">Called after each iteration.</param>
    /// <returns>The model as LightGBM's text, and what happened.</returns>
    public static (byte[] Text, TrainingCourse Course) Train(
        IFeatureSource data, IFeatureSource? validation, TrainingOptions options, LearningTask task,
        Action<IterationLoss>? progress, CancellationToken cancellation)
    {
        EnterThreadCount(options.Threads, cancellation);
        try
        {
            using var trees = TreesInTheMaking.Begin(
                data, validation, task, Parameters(options, task), cancellation);
            var course = Grow(trees, options, progress, cancellation) with { Loss = TrainingCourse.LossOf(task) };
            return (trees.Save(course.Iterations), course);
        }
        finally
        {
            if (ThreadCount.IsWriteLockHeld)
                ThreadCount.ExitWriteLock();
            else
                ThreadCount.ExitReadLock();
        }
    }

    private static TrainingCourse Grow(
        TreesInTheMaking trees, TrainingOptions options, Action<IterationLoss>? progress,
        CancellationToken cancellation)
    {
        var losses = new List<IterationLoss>();
        IterationLoss? best = null;
        while (losses.Count < options.Iterations)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!trees.GrowOne())
                break;
            var loss = trees.Loss(losses.Count + 1);
            losses.Add(loss);
            progress?.Invoke(loss);
            if (best is null || loss.Validation < best.Validation)
                best = loss;
            if (loss.Validation is not null && loss.Iteration - best.Iteration >= options.EarlyStoppingRounds)
                break;
        }
        var kept = best switch
        {
            // Where no tree improves anything, the model is a single leaf: the mean of the labels, the class's share.
            null => 1,
            { Validation: null } => losses.Count,
            _ => best.Iteration,
        };
        var every = Math.Max(1, losses.Count / MostLosses);
        return new(kept, [.. losses.Where(loss => loss.Iteration == kept || loss.Iteration == losses.Count
            || (loss.Iteration - 1) % every == 0)]);
    }

    private static void EnterThreadCount(int threads, CancellationToken cancellation)
    {
        const int milliseconds = 100;
        while (!(threads == 1
            ? ThreadCount.TryEnterReadLock(milliseconds)
            : ThreadCount.TryEnterWriteLock(milliseconds)))
            cancellation.ThrowIfCancellationRequested();
    }

    // The sigmoid, of two classes, is LightGBM's default; ML.NET's is another, and takes the one that is said.
    private static string Objective(LearningTask task) => task.Kind switch
    {
        LearningTaskKind.Regression => "regression",
        LearningTaskKind.Binary => "binary sigmoid=1",
        _ => string.Create(CultureInfo.InvariantCulture, $"multiclass num_class={task.Classes.Count}"),
    };

    private static string Parameters(TrainingOptions options, LearningTask task) => string.Create(
        CultureInfo.InvariantCulture,
        $"objective={Objective(task)} metric=None verbosity=-1 num_threads={options.Threads} seed={options.Seed} " +
        $"learning_rate={options.LearningRate:R} num_leaves={options.Leaves} " +
        $"min_data_in_leaf={options.MinRowsPerLeaf} max_bin={options.Bins} deterministic=true " +
        // Otherwise LightGBM times both ways and takes the faster, and the two round sums differently.
        $"force_row_wise=true");
}
