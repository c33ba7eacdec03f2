using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;

namespace MLBuild.Stages.Evaluate;

/// <summary>What an evaluation has to know of what a model predicts: its loss, its metrics, what it can be demanded, a
/// constant to be compared with, and what a page draws. One for each task.</summary>
internal abstract class TaskEvaluation
{
    private protected TaskEvaluation(LearningTask task, EvaluateOptions options)
    {
        (Task, Loss) = (task, RowLoss.Of(task.Kind));
        Threshold = options.DecisionThreshold ?? EvaluateOptions.UsualThreshold;
    }

    public LearningTask Task { get; }

    public RowLoss Loss { get; }

    private double Threshold { get; }

    public bool HasClasses => Task.Classes.Count > 0;

    /// <exception cref="ArgumentException">Something is demanded that models of other tasks only can be.</exception>
    public static TaskEvaluation Of(LearningTask task, EvaluateOptions options)
    {
        var others = Enum.GetValues<LearningTaskKind>().Except([task.Kind]).ToArray();
        var own = TaskDemand.Of(task.Kind, options).Select(demand => demand.Member).ToArray();
        var faults = others
            .SelectMany(kind => TaskDemand.Of(kind, options)
                .Where(demand => demand.Limit is not null && !own.Contains(demand.Member))
                .Select(demand => (Kind: kind, demand.Member)))
            .GroupBy(one => one.Member, one => one.Kind)
            .Select(member => $"{member.Key} is for {string.Join(" or ", member).ToLowerInvariant()}")
            .ToArray();
        if (faults.Length > 0)
            throw new ArgumentException(
                $"The gate cannot judge a model of {task}: {string.Join("; ", faults)}. Of this one it can demand "
                + $"{string.Join(", ", own)}.");
        return task.Kind switch
        {
            LearningTaskKind.Regression => new RegressionEvaluation(task, options),
            LearningTaskKind.Binary => new BinaryEvaluation(task, options),
            LearningTaskKind.Multiclass => new MulticlassEvaluation(task, options),
            _ => throw new InvalidOperationException($"BUG: unknown task {task}."),
        };
    }

    /// <summary>What is gathered of a model.</summary>
    /// <param name="intervals">How intervals of few rows are drawn; null where nobody asks for intervals.</param>
    public TaskMetrics NewMetrics(MetricDepth depth, BootstrapOptions? intervals = null) =>
        TaskMetrics.Of(Task, depth, Threshold, intervals);

    /// <summary>What is to be predicted if nothing is known of a row.</summary>
    public abstract TrainingConstant NewConstant();

    /// <summary>What the page draws.</summary>
    /// <param name="sample">Some rows with the challenger's scores, for axes.</param>
    public abstract TaskFigures NewFigures(IEnumerable<(double Label, double[] Scores)> sample);

    /// <summary>Whether a row is called what it is; null where it cannot be measured, or there are no
    /// classes.</summary>
    public abstract bool? IsRight(double label, ReadOnlySpan<double> scores);

    /// <summary>Whether rows are called positive by a probability.</summary>
    private protected bool IsCalledPositive(double probability) => probability >= Threshold;
}

/// <summary>Numbers.</summary>
internal sealed class RegressionEvaluation(LearningTask task, EvaluateOptions options) : TaskEvaluation(task, options)
{
    public override TrainingConstant NewConstant() => new LabelMean();

    public override TaskFigures NewFigures(IEnumerable<(double Label, double[] Scores)> sample) =>
        new RegressionFigures(sample.Select(row => (row.Label, row.Scores[0])));

    public override bool? IsRight(double label, ReadOnlySpan<double> scores) => null;
}

/// <summary>Whether something happens.</summary>
internal sealed class BinaryEvaluation(LearningTask task, EvaluateOptions options) : TaskEvaluation(task, options)
{
    public override TrainingConstant NewConstant() => new ClassShares(Task);

    public override TaskFigures NewFigures(IEnumerable<(double Label, double[] Scores)> sample) => new BinaryFigures();

    public override bool? IsRight(double label, ReadOnlySpan<double> scores) =>
        label is 0 or 1 && scores[0] is >= 0 and <= 1 ? IsCalledPositive(scores[0]) == (label == 1) : null;
}

/// <summary>One of several classes.</summary>
internal sealed class MulticlassEvaluation(LearningTask task, EvaluateOptions options) : TaskEvaluation(task, options)
{
    public override TrainingConstant NewConstant() => new ClassShares(Task);

    public override TaskFigures NewFigures(IEnumerable<(double Label, double[] Scores)> sample) =>
        new MulticlassFigures();

    // Of scores that are no probabilities there is no loss either, and what cannot be measured is not right.
    public override bool? IsRight(double label, ReadOnlySpan<double> scores) =>
        double.IsFinite(Loss.Of(label, scores)) ? ClassScores.MostProbable(scores) == (int)label : null;
}
