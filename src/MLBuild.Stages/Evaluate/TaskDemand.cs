using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;

namespace MLBuild.Stages.Evaluate;

/// <summary>A member of <see cref="EvaluateOptions"/> that is for models of one task, or some.</summary>
/// <param name="Limit">What was given; null where nothing was.</param>
/// <param name="Metric">That the gate has a threshold on, as a registry names it; null of a member that says how others
/// are measured.</param>
/// <param name="IsRange">Whether a limit is one.</param>
/// <param name="Expected">What a limit is: "0 to 1".</param>
internal sealed record TaskDemand(
    string Member, double? Limit, string? Metric, Direction Direction, Func<double, bool> IsRange, string Expected)
{
    /// <summary>All that can be demanded of models of a task.</summary>
    public static IReadOnlyList<TaskDemand> Of(LearningTaskKind task, EvaluateOptions options) => task switch
    {
        LearningTaskKind.Regression =>
        [
            new(nameof(options.MaxRmse), options.MaxRmse, "rmse", Direction.LowerIsBetter,
                limit => limit is > 0 and < double.PositiveInfinity, "a finite number above 0"),
            new(nameof(options.MinR2), options.MinR2, "r2", Direction.HigherIsBetter,
                limit => limit is > double.NegativeInfinity and <= 1, "a finite number up to 1"),
            Least(nameof(options.MinShareWithinTenPercent), options.MinShareWithinTenPercent, "within-10-percent"),
        ],
        LearningTaskKind.Binary =>
        [
            LogLoss(options),
            Least(nameof(options.MinRocAuc), options.MinRocAuc, "roc-auc"),
            Least(nameof(options.MinAveragePrecision), options.MinAveragePrecision, "average-precision"),
            CalibrationError(options),
            Least(nameof(options.MinPrecision), options.MinPrecision, "precision"),
            Least(nameof(options.MinRecall), options.MinRecall, "recall"),
            Least(nameof(options.DecisionThreshold), options.DecisionThreshold, metric: null),
        ],
        LearningTaskKind.Multiclass =>
        [
            LogLoss(options),
            Least(nameof(options.MinAccuracy), options.MinAccuracy, "accuracy"),
            Least(nameof(options.MinMacroF1), options.MinMacroF1, "macro-f1"),
            CalibrationError(options),
        ],
        _ => throw new InvalidOperationException($"BUG: unknown task {task}."),
    };

    /// <summary>The threshold that is demanded; null where none is.</summary>
    public Threshold? Threshold(ModelMetrics metrics)
    {
        if (Limit is not { } limit || Metric is null)
            return null;
        var name = metrics.Summary.Single(metric => metric.Id == Metric).Name;
        return Direction == Direction.LowerIsBetter
            ? new(name, Slice.Overall, max: limit)
            : new(name, Slice.Overall, min: limit);
    }

    private static TaskDemand Least(string member, double? limit, string? metric) =>
        new(member, limit, metric, Direction.HigherIsBetter, limit => limit is >= 0 and <= 1, "0 to 1");

    private static TaskDemand LogLoss(EvaluateOptions options) =>
        new(nameof(options.MaxLogLoss), options.MaxLogLoss, "log-loss", Direction.LowerIsBetter,
            limit => limit is > 0 and < double.PositiveInfinity, "a finite number above 0");

    private static TaskDemand CalibrationError(EvaluateOptions options) =>
        new(nameof(options.MaxCalibrationError), options.MaxCalibrationError, "calibration-error",
            Direction.LowerIsBetter, limit => limit is > 0 and <= 1, "above 0, up to 1");
}
