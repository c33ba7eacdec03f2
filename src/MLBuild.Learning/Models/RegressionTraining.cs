using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLBuild.Learning.Models;

/// <summary>A trained model as bytes, and what it was trained on.</summary>
/// <param name="CanonicalModel">What <see cref="RegressionModel.Load"/> reads. The same rows and options give the same
/// bytes.</param>
public sealed record TrainedRegression(byte[] CanonicalModel, TrainingSummary Summary);

/// <summary>What a model was trained on, for its record.</summary>
public sealed record TrainingSummary(long Rows, int Features, RegressionOptions Options);

/// <summary>Learns a number from features. A pure function: rows and options in, bytes out.</summary>
public static class RegressionTraining
{
    /// <summary>Trains a model on every row of <paramref name="data"/>.</summary>
    /// <param name="log">Gets the trainer's own remarks, a line each.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="TrainingDataException">There are no rows, or one has no finite label or an infinite
    /// feature.</exception>
    /// <exception cref="MissingNativeLibraryException">LightGBM cannot be loaded on this machine.</exception>
    public static TrainedRegression Train(
        IFeatureSource data,
        RegressionOptions options,
        Action<string>? log = null,
        CancellationToken cancellation = default)
    {
        options.Validate();
        if (data.RowCount == 0)
            throw new TrainingDataException("There are no feature rows to train on.");
        cancellation.ThrowIfCancellationRequested();

        // A context of its own, used for nothing else: what is sampled from more than 65,536 rows depends on the
        // context's seed and on how many components were made in it before.
        var ml = new MLContext(options.Seed);
        if (log is not null)
            ml.Log += (_, line) => Pass(line, log);
        using var stop = cancellation.Register(() => CancelExecution(ml));

        var columns = new FeatureColumns(data.Schema);
        var view = new FeatureDataView(data, columns, cancellation);
        try
        {
            var model = TrainerChains.For(ml, data.Schema, options).Fit(view);
            using var zip = new MemoryStream();
            ml.Model.Save(model, columns.Schema, zip);
            var card = new ModelCard(options.Trainer, data.Schema);
            return new(
                CanonicalModel.Rewrite(zip, ModelCard.EntryName, card.ToBytes()),
                new(data.RowCount, data.Schema.Width, options));
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

    private static void Pass(LoggingEventArgs line, Action<string> log)
    {
        // Trace tells of every cursor opened and closed.
        if (line.Kind != ChannelMessageKind.Trace)
            log($"{line.Kind}: {line.RawMessage}");
    }

    // ML.NET can stop a trainer between two trees, but has no public way to ask for it.
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern void CancelExecution(MLContext context);
}
