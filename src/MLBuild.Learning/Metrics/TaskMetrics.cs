using MLBuild.Learning.Models;

namespace MLBuild.Learning.Metrics;

/// <summary>Gathers what is told of one model by the rows of one slice, as they stream by, and gives the metrics of its
/// task by their names. One for each task.</summary>
public abstract class TaskMetrics
{
    private protected TaskMetrics()
    {
    }

    /// <param name="threshold">The least probability, 0..1, of a row that is called positive; of a binary task
    /// only.</param>
    /// <param name="intervals">How intervals of few rows are drawn; null where nobody asks for intervals.</param>
    public static TaskMetrics Of(
        LearningTask task, MetricDepth depth, double threshold = 0.5, BootstrapOptions? intervals = null) =>
        (depth, task.Kind) switch
        {
            (MetricDepth.Loss, _) => new LossMetrics(RowLoss.Of(task.Kind)),
            (_, LearningTaskKind.Regression) => new RegressionTaskMetrics(intervals),
            (_, LearningTaskKind.Binary) => new BinaryTaskMetrics(
                task.Classes, threshold, intervals, ranks: depth == MetricDepth.Full),
            (_, LearningTaskKind.Multiclass) => new MulticlassTaskMetrics(
                task.Classes, intervals, ranks: depth == MetricDepth.Full),
            _ => throw new InvalidOperationException($"BUG: unknown task {task}."),
        };

    /// <param name="label">A number, or the position of the row's class.</param>
    /// <param name="scores">The model's.</param>
    /// <param name="loss">The <see cref="RowLoss"/> of both.</param>
    public abstract void Add(double label, ReadOnlySpan<double> scores, double loss);

    /// <summary>The metrics of the rows added so far.</summary>
    public abstract ModelMetrics ToMetrics();

    /// <summary>How the classes are told apart; null where there are none, or a row could not be measured.</summary>
    public virtual ClassFindings? Classes() => null;
}

/// <summary>How much is gathered.</summary>
public enum MetricDepth
{
    /// <summary>The mean loss: of a model that another one is compared with.</summary>
    Loss,

    /// <summary>Whatever needs constant memory.</summary>
    Streamed,

    /// <summary>Also what depends on the order of all scores: 8 bytes a row of a binary or multiclass task.</summary>
    Full,
}

/// <summary>How the rows of each class are told from the others.</summary>
/// <param name="Reliability">Rows by the probability of what was predicted, about as many in each bin: of a binary task
/// that of class 1, of a multiclass one that of the most probable class. Empty where scores were not kept.</param>
public sealed record ClassFindings(
    ConfusionMatrix Confusion, IReadOnlyList<ClassReport> Classes, IReadOnlyList<ReliabilityBin> Reliability);

/// <summary>One class against all others.</summary>
/// <param name="Metrics">Precision, recall and F1 of what is called of this class.</param>
public sealed record ClassReport(string Class, long Rows, IReadOnlyList<NamedMetric> Metrics);

/// <summary>The mean loss and nothing else, of any task.</summary>
internal sealed class LossMetrics(RowLoss loss) : TaskMetrics
{
    private readonly LossMean _losses = new(intervals: null);
    private long _count;

    public override void Add(double label, ReadOnlySpan<double> scores, double loss)
    {
        _count++;
        if (double.IsFinite(loss))
            _losses.Add(loss);
    }

    public override ModelMetrics ToMetrics()
    {
        var faulty = _count - _losses.Count;
        MetricValue mean = _count == 0 ? new MetricValue.Missing("there are no rows")
            : faulty > 0 ? new MetricValue.Missing($"{faulty} of {_count} rows have no finite loss")
            : MetricValue.Of(_losses.Mean);
        return new(_count, faulty, mean, [loss.Named(mean, interval: null)], []);
    }
}
