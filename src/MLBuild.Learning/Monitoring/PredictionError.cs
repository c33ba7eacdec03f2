using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Monitoring;

/// <summary>How wrong one prediction is, from 0: its mean over a window says how a model does, and is compared with
/// that over held-out rows. Unlike squared errors and log-losses it is not ruled by a few rows.</summary>
public static class PredictionError
{
    /// <summary>What the mean is called.</summary>
    public static string MeanName(LearningTaskKind task) => task switch
    {
        LearningTaskKind.Regression => "mean absolute error",
        LearningTaskKind.Binary or LearningTaskKind.Multiclass => "Brier score",
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "BUG: unknown task."),
    };

    /// <summary>|predicted − actual| of a regression, Σ (probability − is it so)² over the classes otherwise, of a
    /// binary model over the one that is predicted.</summary>
    /// <param name="label">A number, or the position of the row's class.</param>
    /// <param name="scores">The model's, as <see cref="LearningTaskKind"/> says.</param>
    /// <returns>NaN where a score is NaN, or the label is no class.</returns>
    public static double Of(LearningTaskKind task, double label, ReadOnlySpan<double> scores)
    {
        switch (task)
        {
            case LearningTaskKind.Regression:
                return Math.Abs(scores[0] - label);
            case LearningTaskKind.Binary:
                return label is 0 or 1 ? (scores[0] - label) * (scores[0] - label) : double.NaN;
            case LearningTaskKind.Multiclass:
                if (!(label >= 0 && label < scores.Length && label == Math.Floor(label)))
                    return double.NaN;
                var sum = 0.0;
                for (var i = 0; i < scores.Length; i++)
                {
                    var miss = scores[i] - (i == (int)label ? 1.0 : 0.0);
                    sum += miss * miss;
                }
                return sum;
            default:
                throw new ArgumentOutOfRangeException(nameof(task), task, "BUG: unknown task.");
        }
    }

    /// <summary>The prediction as one number: the number, the probability, or the position of the likeliest
    /// class.</summary>
    /// <returns>NaN where a score is NaN.</returns>
    public static double Predicted(LearningTaskKind task, ReadOnlySpan<double> scores) =>
        HasNaN(scores) ? double.NaN
        : task == LearningTaskKind.Multiclass ? ClassScores.MostProbable(scores)
        : scores[0];

    /// <summary>What errors are expected by: the number, the probability, or that of the likeliest class.</summary>
    /// <returns>NaN where a score is NaN.</returns>
    public static double Level(LearningTaskKind task, ReadOnlySpan<double> scores) =>
        HasNaN(scores) ? double.NaN
        : task == LearningTaskKind.Multiclass ? scores[ClassScores.MostProbable(scores)]
        : scores[0];

    // The likeliest class is chosen among the others: that one of them is no number is seen only here.
    private static bool HasNaN(ReadOnlySpan<double> scores)
    {
        foreach (var score in scores)
        {
            if (double.IsNaN(score))
                return true;
        }
        return false;
    }
}
