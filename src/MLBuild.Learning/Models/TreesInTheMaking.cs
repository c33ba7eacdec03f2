using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Models;

/// <summary>LightGBM's trees while they are grown, with the rows that they are grown from.</summary>
internal sealed class TreesInTheMaking : IDisposable
{
    private readonly LearningTask _task;
    private readonly LightGbmTable _training;
    private readonly LightGbmTable? _validation;
    private readonly LightGbmLibrary.Booster _booster;
    private double[] _predictions = [];

    private TreesInTheMaking(
        LightGbmTable training, LightGbmTable? validation, LearningTask task, string parameters)
    {
        (_training, _validation, _task) = (training, validation, task);
        LightGbmLibrary.Demand(LightGbmLibrary.CreateBooster(training.Table, parameters, out _booster));
        if (validation is not null)
            LightGbmLibrary.Demand(LightGbmLibrary.AddValidation(_booster, validation.Table));
    }

    public static TreesInTheMaking Begin(
        IFeatureSource data, IFeatureSource? validation, LearningTask task, string parameters,
        CancellationToken cancellation)
    {
        // What is not disposed of here, where something throws, the collector finds.
        var training = LightGbmTable.Cut(data, parameters, cancellation);
        return new(
            training, validation is null ? null : training.CutAlike(validation, cancellation), task, parameters);
    }

    /// <summary>Grows a tree, or one for each of several classes.</summary>
    /// <returns>False if no further tree improves anything.</returns>
    public bool GrowOne()
    {
        LightGbmLibrary.Demand(LightGbmLibrary.GrowTree(_booster, out var isFinished));
        return isFinished == 0;
    }

    public IterationLoss Loss(int iteration) => new(
        iteration, Loss(0, _training.Labels), _validation is null ? null : Loss(1, _validation.Labels));

    /// <summary>The trees of the first iterations as LightGBM's text.</summary>
    public byte[] Save(int iterations)
    {
        var buffer = new byte[1 << 20];
        var length = Save(iterations, buffer);
        if (length > buffer.Length)
            length = Save(iterations, buffer = new byte[length]);
        // Without the 0 at its end.
        return buffer[..(int)(length - 1)];
    }

    public void Dispose()
    {
        _booster.Dispose();
        _validation?.Table.Dispose();
        _training.Table.Dispose();
    }

    private long Save(int iterations, byte[] buffer)
    {
        LightGbmLibrary.Demand(LightGbmLibrary.SaveModel(
            _booster, 0, iterations, 0, buffer.Length, out var length, buffer));
        return length;
    }

    // Summed here, in the order of the rows: LightGBM's own sum depends on how many threads take part.
    private double Loss(int table, float[] labels)
    {
        var count = (long)labels.Length * _task.ScoreCount;
        if (_predictions.Length < count)
            _predictions = new double[count];
        LightGbmLibrary.Demand(LightGbmLibrary.GetPredictions(_booster, table, out _, _predictions));
        return _task.Kind == LearningTaskKind.Regression ? RootMeanSquare(labels) : MeanLogLoss(labels);
    }

    private double RootMeanSquare(float[] labels)
    {
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var error = _predictions[i] - labels[i];
            sum += error * error;
        }
        return Math.Sqrt(sum / labels.Length);
    }

    private double MeanLogLoss(float[] labels)
    {
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            sum += (_task.Kind, labels[i]) switch
            {
                (LearningTaskKind.Binary, 0) => LogLoss.OfNoEvent(_predictions[i]),
                (LearningTaskKind.Binary, _) => LogLoss.OfEvent(_predictions[i]),
                var (_, label) => LogLoss.OfEvent(_predictions[((long)label * labels.Length) + i]),
            };
        }
        return sum / labels.Length;
    }
}
