using MLBuild.Learning.Drift;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;

namespace MLBuild.Stages.Evaluate;

/// <summary>Profiles what a model predicts, as rows stream by, so that what it predicts later can be compared with it:
/// the number, the probability of class 1, or of several classes the one that is predicted and its probability.
/// </summary>
internal abstract class PredictionProfile
{
    private const string Prediction = "prediction";
    private const string Confidence = "confidence";

    public static PredictionProfile Of(LearningTask task) =>
        task.Kind == LearningTaskKind.Multiclass ? new OfClasses(task.Classes) : new OfOneScore();

    public abstract void Add(ReadOnlySpan<double> scores);

    public abstract IReadOnlyList<FeatureProfile> Build();

    /// <summary>Counts later predictions in the bins of a profile.</summary>
    /// <param name="counters">One for each part of the profile.</param>
    public static void Count(LearningTask task, BinCounter[] counters, ReadOnlySpan<double> scores)
    {
        if (task.Kind != LearningTaskKind.Multiclass)
        {
            ((NumericBinCounter)counters.Single()).Add(scores[0]);
            return;
        }
        foreach (var counter in counters)
        {
            if (counter is CategoricalBinCounter classes)
                classes.Add(NameOf(task.Classes, scores));
            else
                ((NumericBinCounter)counter).Add(ConfidenceOf(scores));
        }
    }

    // What has no probability is no class.
    private static string? NameOf(IReadOnlyList<string> classes, ReadOnlySpan<double> scores) =>
        double.IsNaN(ConfidenceOf(scores)) ? null : classes[ClassScores.MostProbable(scores)];

    // Of classes one of which has no probability nobody knows which is the most probable.
    private static double ConfidenceOf(ReadOnlySpan<double> scores)
    {
        foreach (var score in scores)
        {
            if (double.IsNaN(score))
                return double.NaN;
        }
        return scores[ClassScores.MostProbable(scores)];
    }

    private sealed class OfOneScore : PredictionProfile
    {
        private readonly NumericProfileBuilder _scores = new(Prediction, FeatureRole.Prediction, new());

        public override void Add(ReadOnlySpan<double> scores) => _scores.Add(scores[0]);

        public override IReadOnlyList<FeatureProfile> Build() => [_scores.Build()];
    }

    private sealed class OfClasses(IReadOnlyList<string> classes) : PredictionProfile
    {
        private readonly CategoricalProfileBuilder _classes = new(Prediction, FeatureRole.Prediction, new());
        private readonly NumericProfileBuilder _confidence = new(Confidence, FeatureRole.Prediction, new());

        public override void Add(ReadOnlySpan<double> scores)
        {
            _classes.Add(NameOf(classes, scores));
            _confidence.Add(ConfidenceOf(scores));
        }

        public override IReadOnlyList<FeatureProfile> Build() => [_classes.Build(), _confidence.Build()];
    }
}
