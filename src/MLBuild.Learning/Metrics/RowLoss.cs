using MLBuild.Learning.Gates;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Metrics;

/// <summary>The error of one row, from 0, by which models are compared: its mean over rows decides beside a champion, a
/// constant, and the best version ever, in each subgroup, and says what a model loses without a feature. One for each
/// task.</summary>
public abstract class RowLoss
{
    private RowLoss()
    {
    }

    public static RowLoss Of(LearningTaskKind task) => task switch
    {
        LearningTaskKind.Regression => new SquaredError(),
        LearningTaskKind.Binary => new BinaryLogLoss(),
        LearningTaskKind.Multiclass => new MulticlassLogLoss(),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "BUG: unknown task."),
    };

    /// <summary>What its mean is called: "mean squared error".</summary>
    public abstract string MeanName { get; }

    /// <summary>What people read in its place: "RMSE", in the unit of the label.</summary>
    public abstract string ShownName { get; }

    /// <summary>In a registry: "rmse".</summary>
    public abstract string ShownId { get; }

    public abstract MetricUnit ShownUnit { get; }

    /// <summary>Of a mean what people read in its place.</summary>
    public virtual double Shown(double mean) => mean;

    /// <param name="label">A number, or the position of the row's class.</param>
    /// <param name="scores">The model's, as <see cref="LearningTaskKind"/> says.</param>
    /// <returns>NaN for a label that is no class, and for scores that are no probabilities: what is no loss is not the
    /// smaller one.</returns>
    public abstract double Of(double label, ReadOnlySpan<double> scores);

    /// <summary>What people read of a mean.</summary>
    public NamedMetric Named(MetricValue mean, MetricInterval? interval) => new(
        ShownId, ShownName, ShownUnit, Direction.LowerIsBetter,
        mean is MetricValue.Value { Number: var number } ? MetricValue.Of(Shown(number)) : mean, interval);

    private sealed class SquaredError : RowLoss
    {
        public override string MeanName => "mean squared error";

        public override string ShownName => "RMSE";

        public override string ShownId => "rmse";

        public override MetricUnit ShownUnit => MetricUnit.Label;

        public override double Shown(double mean) => Math.Sqrt(mean);

        public override double Of(double label, ReadOnlySpan<double> scores) =>
            (scores[0] - label) * (scores[0] - label);
    }

    private abstract class OfProbabilities : RowLoss
    {
        public sealed override string MeanName => "log loss";

        public sealed override string ShownName => "log loss";

        public sealed override string ShownId => "log-loss";

        public sealed override MetricUnit ShownUnit => MetricUnit.Nats;
    }

    private sealed class BinaryLogLoss : OfProbabilities
    {
        public override double Of(double label, ReadOnlySpan<double> scores) => (label, scores[0]) switch
        {
            (1, >= 0 and <= 1) => LogLoss.OfEvent(scores[0]),
            (0, >= 0 and <= 1) => LogLoss.OfNoEvent(scores[0]),
            _ => double.NaN,
        };
    }

    private sealed class MulticlassLogLoss : OfProbabilities
    {
        public override double Of(double label, ReadOnlySpan<double> scores) =>
            ClassScores.AreProbabilities(scores) && ClassScores.ClassOf(label, scores.Length) is { } actual
                ? LogLoss.OfEvent(scores[actual])
                : double.NaN;
    }
}
